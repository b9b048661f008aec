/** What an environment signs with: Ed25519 (RFC 8037), ECDSA on P-256, RSA with PKCS #1 v1.5 (RFC 7518 section 3.1). */
export const SIGNING_ALGORITHMS = ['EdDSA', 'ES256', 'RS256'] as const
export type SigningAlgorithm = (typeof SIGNING_ALGORITHMS)[number]

/** The public half of a key (RFC 7517), with its `kid` and `alg` where it has them. */
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

/** What an environment's own tokens have in `iss` and `aud`. */
export function environmentIssuer(organization: string, environment: string): string {
  return `urn:sallyport:${organization}:${environment}`
}
