import { errors, flattenedVerify } from 'jose'
import type { CompactJws, JwsHeader } from './compact-jws.ts'
import { algorithmOf } from './jws-algorithm.ts'
import type { KeySet, VerificationKey } from './key-set.ts'
import { hasSignatureForm } from './signature-form.ts'

/** How many keys a token without `kid` is tried with; what fits more of them is refused. */
export const CANDIDATES_MAX = 4

export interface VerifiedJws {
  readonly payload: Uint8Array
  readonly header: JwsHeader
  /** The `kid` of the key that verified it, whether the token named it or not. */
  readonly keyId: string | undefined
}

/**
 * Verifies the signature of a token. The key says with which algorithm; the token's `alg` must only agree.
 *
 * @returns undefined where no key of the set made this signature
 */
export async function verifyJws(jws: CompactJws, keys: KeySet): Promise<VerifiedJws | undefined> {
  for (const key of candidates(jws.header, keys)) {
    if (await verifies(jws, key)) return { payload: jws.payload, header: jws.header, keyId: key.kid }
  }
  return undefined
}

/**
 * The keys that may have signed a token: the one of its `kid`, and where it has none those that its algorithm fits. A
 * key without `kid` therefore verifies only tokens without `kid`: one that names a key means that key and no other.
 */
export function candidates(header: JwsHeader, { keys }: KeySet): readonly VerificationKey[] {
  const algorithm = algorithmOf(header.alg)
  const fitting = keys.filter(
    (key) => key.algorithm === algorithm && (header.kid === undefined || header.kid === key.kid),
  )
  return fitting.length > CANDIDATES_MAX ? [] : fitting
}

async function verifies({ header, signature, encoded }: CompactJws, key: VerificationKey): Promise<boolean> {
  if (!hasSignatureForm(key.algorithm, signature, modulusBytes(key))) return false
  const flattened = { protected: encoded.header, payload: encoded.payload, signature: encoded.signature }
  try {
    await flattenedVerify(flattened, key.cryptoKey, { algorithms: [header.alg] })
    return true
  } catch (error) {
    // Whatever else is thrown says nothing about the token.
    if (error instanceof errors.JOSEError) return false
    throw error
  }
}

function modulusBytes({ cryptoKey }: VerificationKey): number {
  const { algorithm } = cryptoKey
  return 'modulusLength' in algorithm ? Math.ceil(Number(algorithm.modulusLength) / 8) : 0
}
