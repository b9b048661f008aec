import type { PublicJwk } from '@sallyport/core'
import { decodeBase64url } from './base64url.ts'
import { isSoundEd25519Point } from './ed25519-point.ts'
import { ALGORITHM_TRAITS, type JwsAlgorithm } from './jws-algorithm.ts'
import type { JsonObject } from './strict-json.ts'
import { hasRocaMark } from './weak-rsa-modulus.ts'

/** RFC 7518 section 3.3. */
const RSA_BITS_MIN = 2048
/** Verifying with a longer one takes more than a millisecond, which whoever publishes a key could make us spend. */
const RSA_BITS_MAX = 8192
/** As OpenSSL bounds it for long moduli, for the same reason. */
const RSA_EXPONENT_BYTES_MAX = 8

const COORDINATE_BYTES = { 'P-256': 32, 'P-384': 48, 'P-521': 66 } as const

/**
 * Takes from a JWK what makes the key, and nothing else of it.
 *
 * @param jwk of the `kty` that the algorithm wants
 * @returns a JWK of its public members, or a sentence that says why it is no sound key
 */
export function publicMaterial(jwk: JsonObject, algorithm: JwsAlgorithm): PublicJwk | string {
  switch (ALGORITHM_TRAITS[algorithm].kty) {
    case 'RSA':
      return rsaMaterial(jwk)
    case 'EC':
      return ecMaterial(jwk)
    case 'OKP':
      return ed25519Material(jwk)
  }
}

/** The members are Base64urlUInt: as few bytes as will do, so that a leading zero is none (RFC 7518 section 6.3.1). */
function rsaMaterial({ n, e }: JsonObject): PublicJwk | string {
  const modulus = unsigned(n)
  const exponent = unsigned(e)
  if (typeof n !== 'string' || typeof e !== 'string' || modulus === undefined || exponent === undefined) {
    return 'its "n" or "e" is not a number in base64url'
  }
  const modulusBits = modulus.toString(2).length
  if (modulusBits < RSA_BITS_MIN) return `it has fewer than ${RSA_BITS_MIN} bits`
  if (modulusBits > RSA_BITS_MAX) return `it has more than ${RSA_BITS_MAX} bits`
  // With the exponent 1 a signature is the message itself, and an even one is no RSA at all.
  if (exponent < 3n || exponent % 2n === 0n || exponent >> BigInt(8 * RSA_EXPONENT_BYTES_MAX) > 0n) {
    return `its "e" is not an odd number from 3 on, of at most ${RSA_EXPONENT_BYTES_MAX} bytes`
  }
  if (modulus % 2n === 0n) return 'its "n" is an even number'
  if (hasRocaMark(modulus)) return 'it was made by a generator whose keys can be broken (CVE-2017-15361)'
  return { kty: 'RSA', n, e }
}

/** Coordinates have the curve's full size (RFC 7518 section 6.2.1.2). That the point is on the curve the import sees. */
function ecMaterial({ crv, x, y }: JsonObject): PublicJwk | string {
  if (crv !== 'P-256' && crv !== 'P-384' && crv !== 'P-521') return 'its "crv" is not one of ours'
  const bytes = COORDINATE_BYTES[crv]
  if (typeof x !== 'string' || typeof y !== 'string') return 'its "x" or "y" is missing'
  if (decodeBase64url(x)?.length !== bytes || decodeBase64url(y)?.length !== bytes) {
    return `its "x" or "y" is not ${bytes} bytes in base64url`
  }
  return { kty: 'EC', crv, x, y }
}

function ed25519Material({ x }: JsonObject): PublicJwk | string {
  const point = typeof x === 'string' ? decodeBase64url(x) : undefined
  if (typeof x !== 'string' || point === undefined || !isSoundEd25519Point(point)) {
    return 'its "x" is not a sound point of the curve in base64url'
  }
  return { kty: 'OKP', crv: 'Ed25519', x }
}

/** @returns undefined for what is no Base64urlUInt (RFC 7518 section 2) or too long to be looked at */
function unsigned(value: unknown): bigint | undefined {
  if (typeof value !== 'string' || value.length > RSA_BITS_MAX) return undefined
  const bytes = decodeBase64url(value)
  if (bytes === undefined || bytes.length === 0 || bytes[0] === 0) return undefined
  return BigInt(`0x${bytes.toString('hex')}`)
}
