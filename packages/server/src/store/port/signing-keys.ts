import type { PublicJwk, SigningAlgorithm } from '@sallyport/core'

/** A key that signs an environment's JWTs, or that signed them before it was retired. */
export interface SigningKeyRow {
  readonly organization: string
  readonly environment: string
  /** The `kid`. */
  readonly id: string
  readonly algorithm: SigningAlgorithm
  readonly publicJwk: PublicJwk
  readonly sealedPrivateJwk: string
  readonly createdAtMs: number
  readonly createdBy: string
  /** When its tokens stop being accepted; null for the environment's signing key. */
  readonly verifiesUntilMs: number | null
}

export interface SigningKeyReader {
  /** The signing key first, then newest first; at most `SIGNING_KEYS_PER_ENVIRONMENT_MAX`. */
  all(organization: string, environment: string): Promise<readonly SigningKeyRow[]>
}

export interface SigningKeyWriter extends SigningKeyReader {
  insert(row: SigningKeyRow): Promise<void>
  /** Stops signing with the key; its tokens are accepted until `verifiesUntilMs`. */
  retire(organization: string, id: string, verifiesUntilMs: number): Promise<void>
  remove(organization: string, id: string): Promise<void>
}
