import { errors, flattenedVerify } from 'jose'
import type { CompactJws, JwsHeader } from './compact-jws.ts'
import { algorithmOf } from './jws-algorithm.ts'
import type { KeySet, VerificationKey } from './key-set.ts'
import { isWellFormedSignature } from './signature-format.ts'

/** The most keys that a token without `kid` is tried with; a token that matches more is rejected. */
export const CANDIDATES_MAX = 4

export interface VerifiedJws {
  readonly payload: Uint8Array
  readonly header: JwsHeader
  /** The `kid` of the verifying key, even if the token does not name it. */
  readonly keyId: string | undefined
}

/**
 * Verifies the signature of a token. The key determines the algorithm; the token's `alg` must match it.
 *
 * @returns undefined if no key of the set verifies the signature
 */
export async function verifyJws(jws: CompactJws, keys: KeySet): Promise<VerifiedJws | undefined> {
  for (const key of candidateKeys(jws.header, keys)) {
    if (await verifies(jws, key)) return { payload: jws.payload, header: jws.header, keyId: key.kid }
  }
  return undefined
}

/**
 * The keys to try for a token: those with its `kid` and algorithm, or with its algorithm alone if it has no `kid`. A key
 * without `kid` verifies only tokens without `kid`, because a token that names a key must be verified by that key.
 */
export function candidateKeys(header: JwsHeader, { keys }: KeySet): readonly VerificationKey[] {
  const algorithm = algorithmOf(header.alg)
  const matching = keys.filter(
    (key) => key.algorithm === algorithm && (header.kid === undefined || header.kid === key.kid),
  )
  return matching.length > CANDIDATES_MAX ? [] : matching
}

async function verifies({ header, signature, encoded }: CompactJws, key: VerificationKey): Promise<boolean> {
  if (!isWellFormedSignature(key.algorithm, signature, modulusBytes(key))) return false
  const flattened = { protected: encoded.header, payload: encoded.payload, signature: encoded.signature }
  try {
    await flattenedVerify(flattened, key.cryptoKey, { algorithms: [header.alg] })
    return true
  } catch (error) {
    // Any other error is not a statement about the token.
    if (error instanceof errors.JOSEError) return false
    throw error
  }
}

function modulusBytes({ cryptoKey }: VerificationKey): number {
  const { algorithm } = cryptoKey
  return 'modulusLength' in algorithm ? Math.ceil(Number(algorithm.modulusLength) / 8) : 0
}
