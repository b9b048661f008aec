/**
 * The accepted signature algorithms (RFC 7518 section 3.1, RFC 8037 section 3.1). All are asymmetric, so that a public
 * key can never be used as a shared secret. `EdDSA` means Ed25519.
 */
export type JwsAlgorithm =
  | 'EdDSA'
  | 'ES256'
  | 'ES384'
  | 'ES512'
  | 'RS256'
  | 'RS384'
  | 'RS512'
  | 'PS256'
  | 'PS384'
  | 'PS512'

/** The key type and curve that an algorithm requires. */
export interface AlgorithmTraits {
  readonly kty: 'OKP' | 'EC' | 'RSA'
  readonly crv: 'Ed25519' | 'P-256' | 'P-384' | 'P-521' | undefined
}

const RSA: AlgorithmTraits = { kty: 'RSA', crv: undefined }

export const ALGORITHM_TRAITS: Readonly<Record<JwsAlgorithm, AlgorithmTraits>> = {
  EdDSA: { kty: 'OKP', crv: 'Ed25519' },
  ES256: { kty: 'EC', crv: 'P-256' },
  ES384: { kty: 'EC', crv: 'P-384' },
  ES512: { kty: 'EC', crv: 'P-521' },
  RS256: RSA,
  RS384: RSA,
  RS512: RSA,
  PS256: RSA,
  PS384: RSA,
  PS512: RSA,
}

/**
 * Looks up an `alg` value. Names are case-sensitive: "es256" is unknown.
 *
 * @returns undefined for an algorithm that is not accepted, including `none` and the symmetric ones
 */
export function algorithmOf(name: string): JwsAlgorithm | undefined {
  // RFC 9864 section 2.2 defines this name for EdDSA with Ed25519.
  if (name === 'Ed25519') return 'EdDSA'
  return Object.hasOwn(ALGORITHM_TRAITS, name) ? (name as JwsAlgorithm) : undefined
}
