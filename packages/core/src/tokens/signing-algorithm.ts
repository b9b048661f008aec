/** The `alg` values for JWTs: Ed25519 (RFC 8037), ECDSA with P-256, RSA with PKCS #1 v1.5 (RFC 7518 section 3.1). */
export const SIGNING_ALGORITHMS = ['EdDSA', 'ES256', 'RS256'] as const
export type SigningAlgorithm = (typeof SIGNING_ALGORITHMS)[number]

/** A public key as a JWK (RFC 7517). */
export interface PublicJwk {
  readonly kty: string
  readonly kid?: string
  readonly alg?: string
  readonly use?: string
  readonly key_ops?: readonly string[]
  readonly crv?: string
  readonly x?: string
  readonly y?: string
  readonly n?: string
  readonly e?: string
}

/** The `iss` and `aud` of the JWTs that an environment mints (RFC 7519 sections 4.1.1 and 4.1.3). */
export function environmentIssuer(organization: string, environment: string): string {
  return `urn:sallyport:${organization}:${environment}`
}
