import { ISSUER_KEYS_MAX, type PublicJwk } from '@sallyport/core'
import { importJWK, type CryptoKey } from 'jose'
import { algorithmOf, ALGORITHM_TRAITS, type JwsAlgorithm } from './jws-algorithm.ts'
import { parsePublicJwk } from './public-jwk.ts'
import { isJsonObject, type JsonObject } from './strict-json.ts'

/** An imported public key, bound to exactly one algorithm (RFC 8725 section 3.1). */
export interface VerificationKey {
  readonly kid: string | undefined
  readonly algorithm: JwsAlgorithm
  readonly cryptoKey: CryptoKey
  /** The key's `n`, or `x` and `y`, to compare keys by. */
  readonly material: string
}

export interface KeySet {
  readonly keys: readonly VerificationKey[]
  /** One sentence for each skipped key; safe to show to the person who supplied the keys. */
  readonly problems: readonly string[]
}

/** Members of private and symmetric keys, which a public key never has (RFC 7518 sections 6.2.2, 6.3.2, 6.4). */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv']

/**
 * Imports keys. Unusable keys are skipped (RFC 7517 section 5), each with a sentence that says why. Callers can then
 * reject a pasted key set with problems, and still use the valid keys of a set that an issuer publishes.
 *
 * @param jwks the unvalidated `keys` of a JWK Set; those past ISSUER_KEYS_MAX are skipped
 */
export async function importKeySet(jwks: readonly unknown[]): Promise<KeySet> {
  const problems: string[] = []
  const imported: VerificationKey[] = []
  for (const [index, jwk] of jwks.slice(0, ISSUER_KEYS_MAX).entries()) {
    const key = await importKey(jwk)
    if (typeof key === 'string') problems.push(`Key ${index + 1} of the set cannot be used: ${key}.`)
    else imported.push(key)
  }
  if (jwks.length > ISSUER_KEYS_MAX)
    problems.push(`Only the first ${ISSUER_KEYS_MAX} keys of a set are used.`)
  return { keys: withoutConflicts(imported, problems), problems }
}

/**
 * Why a key is unusable, as a clause such as "it has fewer than 2048 bits". It never quotes the key.
 *
 * @param jwk an unvalidated JWK
 * @returns undefined if the key is usable
 */
export async function unusableReason(jwk: unknown): Promise<string | undefined> {
  const key = await importKey(jwk)
  return typeof key === 'string' ? key : undefined
}

/** @returns the key, or a clause that says why it is unusable */
async function importKey(jwk: unknown): Promise<VerificationKey | string> {
  if (!isJsonObject(jwk)) return 'it is not a JSON object'
  const { kid } = jwk
  if (kid !== undefined && (typeof kid !== 'string' || kid === ''))
    return 'its "kid" is empty or not a string'
  if (PRIVATE_MEMBERS.some((name) => Object.hasOwn(jwk, name)))
    return 'it contains a private or symmetric key'
  if (jwk['use'] !== undefined && jwk['use'] !== 'sig') return 'its "use" is not "sig"'
  const operations = jwk['key_ops']
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify'))) {
    return 'its "key_ops" is not a list that contains "verify"'
  }
  const algorithm = boundAlgorithm(jwk)
  if (algorithm === undefined) return 'its "alg" is not supported, or does not match its "kty" and "crv"'
  const material = parsePublicJwk(jwk, algorithm)
  if (typeof material === 'string') return material
  const cryptoKey = await importMaterial(material, algorithm)
  if (cryptoKey === undefined) return 'its numbers do not form a valid key'
  const { n = '', x = '', y = '' } = material
  return { kid, algorithm, cryptoKey, material: `${n}.${x}.${y}` }
}

/**
 * The one algorithm of a key: its own `alg`, or the default of its type. It never depends on the token, because the
 * token's sender must not choose the algorithm.
 */
function boundAlgorithm({ kty, crv, alg }: JsonObject): JwsAlgorithm | undefined {
  if (alg === undefined) return defaultAlgorithm(kty, crv)
  const algorithm = typeof alg === 'string' ? algorithmOf(alg) : undefined
  if (algorithm === undefined) return undefined
  const traits = ALGORITHM_TRAITS[algorithm]
  return traits.kty === kty && (traits.crv === undefined || traits.crv === crv) ? algorithm : undefined
}

function defaultAlgorithm(kty: unknown, crv: unknown): JwsAlgorithm | undefined {
  if (kty === 'RSA') return 'RS256'
  if (kty === 'OKP') return crv === 'Ed25519' ? 'EdDSA' : undefined
  if (kty !== 'EC') return undefined
  return crv === 'P-256' ? 'ES256' : crv === 'P-384' ? 'ES384' : crv === 'P-521' ? 'ES512' : undefined
}

async function importMaterial(material: PublicJwk, algorithm: JwsAlgorithm): Promise<CryptoKey | undefined> {
  try {
    const key = await importJWK({ ...material, key_ops: ['verify'] }, algorithm)
    return key instanceof Uint8Array ? undefined : key
  } catch {
    // For example, a point that is not on its curve.
    return undefined
  }
}

/**
 * Two different keys with the same `kid` and algorithm are ambiguous (RFC 7517 section 4.5), so neither is used.
 * Repeated copies of the same key count as one.
 */
function withoutConflicts(keys: readonly VerificationKey[], problems: string[]): VerificationKey[] {
  const distinct = keys.filter(
    (key, index) => !keys.slice(0, index).some((other) => hasSameId(key, other) && isSameKey(key, other)),
  )
  const conflicting = distinct.filter(
    (key) =>
      key.kid !== undefined && distinct.some((other) => hasSameId(key, other) && !isSameKey(key, other)),
  )
  for (const kid of new Set(conflicting.map((key) => key.kid))) {
    problems.push(`Different keys share the "kid" ${JSON.stringify(kid)}, so none of them can be used.`)
  }
  return distinct.filter((key) => !conflicting.includes(key))
}

function hasSameId(left: VerificationKey, right: VerificationKey): boolean {
  return left.kid === right.kid && left.algorithm === right.algorithm
}

function isSameKey(left: VerificationKey, right: VerificationKey): boolean {
  return left.material === right.material
}
