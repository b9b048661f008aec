import { ISSUER_KEYS_MAX, type PublicJwk } from '@sallyport/core'
import { importJWK, type CryptoKey } from 'jose'
import { algorithmOf, ALGORITHM_TRAITS, type JwsAlgorithm } from './jws-algorithm.ts'
import { publicMaterial } from './jwk-material.ts'
import { isJsonObject, type JsonObject } from './strict-json.ts'

/** A public key that is ready for use, bound to the one algorithm that it is for (RFC 8725 section 3.1). */
export interface VerificationKey {
  readonly kid: string | undefined
  readonly algorithm: JwsAlgorithm
  readonly cryptoKey: CryptoKey
  /** The `n` or the `x` and `y` of the key, by which two are the same. */
  readonly material: string
}

export interface KeySet {
  readonly keys: readonly VerificationKey[]
  /** A sentence about each key that was left out; it may be shown to whoever gave the keys. */
  readonly problems: readonly string[]
}

/** The private half of a key pair, or a secret: no public key has one of them (RFC 7518 sections 6.2.2, 6.3.2, 6.4). */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv']

/**
 * Makes keys ready for use. What cannot be used is left out (RFC 7517 section 5), each with a sentence about why, so
 * that keys that a person gives can be refused where keys that an issuer publishes are taken as far as they go.
 *
 * @param jwks the `keys` of a JWK Set, unchecked; those past ISSUER_KEYS_MAX are left out
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
  return { keys: withoutContested(imported, problems), problems }
}

/**
 * Why a key cannot be used, for whoever gave it: a clause such as "it has fewer than 2048 bits", which repeats nothing
 * of the key.
 *
 * @param jwk a JWK, unchecked
 * @returns undefined where it can be used
 */
export async function unusableReason(jwk: unknown): Promise<string | undefined> {
  const key = await importKey(jwk)
  return typeof key === 'string' ? key : undefined
}

/** @returns the key, or why it cannot be used */
async function importKey(jwk: unknown): Promise<VerificationKey | string> {
  if (!isJsonObject(jwk)) return 'it is not a JSON object'
  const { kid } = jwk
  if (kid !== undefined && (typeof kid !== 'string' || kid === ''))
    return 'its "kid" is not a text, or is empty'
  if (PRIVATE_MEMBERS.some((name) => Object.hasOwn(jwk, name))) return 'it is not a public key alone'
  if (jwk['use'] !== undefined && jwk['use'] !== 'sig') return 'its "use" is not "sig"'
  const operations = jwk['key_ops']
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify'))) {
    return 'its "key_ops" is not a list with "verify"'
  }
  const algorithm = boundAlgorithm(jwk)
  if (algorithm === undefined) return 'its "alg" is not one of ours, or does not go with its "kty" and "crv"'
  const material = publicMaterial(jwk, algorithm)
  if (typeof material === 'string') return material
  const cryptoKey = await importMaterial(material, algorithm)
  if (cryptoKey === undefined) return 'its numbers make no key'
  const { n = '', x = '', y = '' } = material
  return { kid, algorithm, cryptoKey, material: `${n}.${x}.${y}` }
}

/**
 * The one algorithm that a key is for: the one that it names, else the usual one of its kind. The token has no say in
 * it, or its sender could choose.
 */
function boundAlgorithm({ kty, crv, alg }: JsonObject): JwsAlgorithm | undefined {
  if (alg === undefined) return usualAlgorithm(kty, crv)
  const algorithm = typeof alg === 'string' ? algorithmOf(alg) : undefined
  if (algorithm === undefined) return undefined
  const traits = ALGORITHM_TRAITS[algorithm]
  return traits.kty === kty && (traits.crv === undefined || traits.crv === crv) ? algorithm : undefined
}

function usualAlgorithm(kty: unknown, crv: unknown): JwsAlgorithm | undefined {
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
    // A point that is not on its curve, for one.
    return undefined
  }
}

/**
 * Two different keys of one `kid` and one algorithm leave open which is meant (RFC 7517 section 4.5), so that neither
 * is used. The same key twice is one key.
 */
function withoutContested(keys: readonly VerificationKey[], problems: string[]): VerificationKey[] {
  const distinct = keys.filter(
    (key, index) => !keys.slice(0, index).some((other) => isNamesake(key, other) && isSame(key, other)),
  )
  const contested = distinct.filter(
    (key) => key.kid !== undefined && distinct.some((other) => isNamesake(key, other) && !isSame(key, other)),
  )
  for (const kid of new Set(contested.map((key) => key.kid))) {
    problems.push(`None of the keys with the "kid" ${JSON.stringify(kid)} can be used: they differ.`)
  }
  return distinct.filter((key) => !contested.includes(key))
}

function isNamesake(left: VerificationKey, right: VerificationKey): boolean {
  return left.kid === right.kid && left.algorithm === right.algorithm
}

function isSame(left: VerificationKey, right: VerificationKey): boolean {
  return left.material === right.material
}
