import type { JwsAlgorithm } from './jws-algorithm.ts'

/** The order of each curve's base point and the size of each half of a signature (FIPS 186-5, SP 800-186). */
const ORDERS = {
  ES256: { bytes: 32, order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n },
  ES384: {
    bytes: 48,
    order:
      0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  },
  ES512: {
    bytes: 66,
    order:
      0x01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
  },
} as const

/** RFC 8032 section 5.1. */
const ED25519_ORDER = 2n ** 252n + 27742317777372353535851937790883648493n

/**
 * Whether a signature has the size and value range of its algorithm, before a key is used. The crypto library checks
 * the same; the check is repeated because a verifier that accepts zeros accepts every message (CVE-2022-21449).
 *
 * @param modulusBytes the modulus size of an RSA key
 */
export function isWellFormedSignature(
  algorithm: JwsAlgorithm,
  signature: Uint8Array,
  modulusBytes: number,
): boolean {
  switch (algorithm) {
    case 'EdDSA':
      // S is little-endian and below the order (RFC 8032 section 5.1.7); otherwise a signature would have two encodings.
      return signature.length === 64 && toBigInt(signature.subarray(32).toReversed()) < ED25519_ORDER
    case 'ES256':
    case 'ES384':
    case 'ES512': {
      // R and S, each of full size (RFC 7518 section 3.4), from 1 to below the order.
      const { bytes, order } = ORDERS[algorithm]
      if (signature.length !== 2 * bytes) return false
      const halves = [toBigInt(signature.subarray(0, bytes)), toBigInt(signature.subarray(bytes))]
      return halves.every((half) => half > 0n && half < order)
    }
    default:
      // Exactly as long as the modulus (RFC 8017 sections 8.1.2 and 8.2.2).
      return signature.length === modulusBytes
  }
}

function toBigInt(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
}
