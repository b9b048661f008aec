import type { PublicJwk } from '@sallyport/core'
import { decodeBase64url } from './base64url.ts'
import { isValidEd25519PublicKey } from './ed25519-public-key.ts'
import { ALGORITHM_TRAITS, type JwsAlgorithm } from './jws-algorithm.ts'
import type { JsonObject } from './strict-json.ts'

/** RFC 7518 section 3.3. */
const RSA_BITS_MIN = 2048
/** Verification with a longer modulus takes over a millisecond, which a key's publisher could use to waste CPU time. */
const RSA_BITS_MAX = 8192
/** OpenSSL's own limit for long moduli, for the same reason. */
const RSA_EXPONENT_BYTES_MAX = 8

const COORDINATE_BYTES = { 'P-256': 32, 'P-384': 48, 'P-521': 66 } as const

const ROCA_PRIMES = [
  3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107,
  109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
]
const ROCA_GENERATOR = 65_537

/** For each prime, the remainders of the powers of the generator. */
const ROCA_REMAINDERS = ROCA_PRIMES.map((prime) => {
  const remainders = new Set<number>()
  for (let power = 1; !remainders.has(power); power = (power * ROCA_GENERATOR) % prime) remainders.add(power)
  return remainders
})

/**
 * Reads the key itself from a JWK and drops all other members.
 *
 * @param jwk with the `kty` that the algorithm requires
 * @returns a JWK with only public key members, or a clause that says why the key is unusable
 */
export function parsePublicJwk(jwk: JsonObject, algorithm: JwsAlgorithm): PublicJwk | string {
  switch (ALGORITHM_TRAITS[algorithm].kty) {
    case 'RSA':
      return rsaMaterial(jwk)
    case 'EC':
      return ecMaterial(jwk)
    case 'OKP':
      return ed25519Material(jwk)
  }
}

/** The members are Base64urlUInt: the fewest possible bytes, without a leading zero byte (RFC 7518 section 6.3.1). */
function rsaMaterial({ n, e }: JsonObject): PublicJwk | string {
  const modulus = unsigned(n)
  const exponent = unsigned(e)
  if (typeof n !== 'string' || typeof e !== 'string' || modulus === undefined || exponent === undefined) {
    return 'its "n" or "e" is not a number in base64url'
  }
  const modulusBits = modulus.toString(2).length
  if (modulusBits < RSA_BITS_MIN) return `it has fewer than ${RSA_BITS_MIN} bits`
  if (modulusBits > RSA_BITS_MAX) return `it has more than ${RSA_BITS_MAX} bits`
  // With the exponent 1 a signature is the message itself, and RSA requires an odd exponent.
  if (exponent < 3n || exponent % 2n === 0n || exponent >> BigInt(8 * RSA_EXPONENT_BYTES_MAX) > 0n) {
    return `its "e" is not an odd number of at least 3 and at most ${RSA_EXPONENT_BYTES_MAX} bytes`
  }
  if (modulus % 2n === 0n) return 'its "n" is an even number'
  if (hasRocaFingerprint(modulus)) return 'its generator makes keys that can be factored (CVE-2017-15361)'
  return { kty: 'RSA', n, e }
}

/** Coordinates have the curve's full size (RFC 7518 section 6.2.1.2). The import checks that the point is on the curve. */
function ecMaterial({ crv, x, y }: JsonObject): PublicJwk | string {
  if (crv !== 'P-256' && crv !== 'P-384' && crv !== 'P-521') return 'its "crv" is not supported'
  const bytes = COORDINATE_BYTES[crv]
  if (typeof x !== 'string' || typeof y !== 'string') return 'its "x" or "y" is missing'
  if (decodeBase64url(x)?.length !== bytes || decodeBase64url(y)?.length !== bytes) {
    return `its "x" or "y" is not ${bytes} bytes in base64url`
  }
  return { kty: 'EC', crv, x, y }
}

function ed25519Material({ x }: JsonObject): PublicJwk | string {
  const point = typeof x === 'string' ? decodeBase64url(x) : undefined
  if (typeof x !== 'string' || point === undefined || !isValidEd25519PublicKey(point)) {
    return 'its "x" is not a valid point of the curve in base64url'
  }
  return { kty: 'OKP', crv: 'Ed25519', x }
}

/** @returns undefined if the value is not a Base64urlUInt (RFC 7518 section 2) or is too long to be parsed */
function unsigned(value: unknown): bigint | undefined {
  if (typeof value !== 'string' || value.length > RSA_BITS_MAX) return undefined
  const bytes = decodeBase64url(value)
  if (bytes === undefined || bytes.length === 0 || bytes[0] === 0) return undefined
  return BigInt(`0x${bytes.toString('hex')}`)
}

/**
 * Whether a modulus has the fingerprint of the key generator of CVE-2017-15361 (ROCA), whose keys can be factored: it is
 * a power of 65537 modulo every small prime. Fewer than one in a hundred million other keys have it.
 */
function hasRocaFingerprint(modulus: bigint): boolean {
  return ROCA_PRIMES.every(
    (prime, index) => ROCA_REMAINDERS[index]?.has(Number(modulus % BigInt(prime))) === true,
  )
}
