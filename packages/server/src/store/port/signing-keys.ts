import type { PublicJwk, SigningAlgorithm } from '@sallyport/core'

/** A key that signs an environment's JWTs, or did. */
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
  /** When its tokens stop being accepted; null for the one key of an environment that signs. */
  readonly verifiesUntilMs: number | null
}

export interface SigningKeyReader {
  /** Newest first; at most `SIGNING_KEYS_PER_ENVIRONMENT_MAX`. */
  all(organization: string, environment: string): Promise<readonly SigningKeyRow[]>
}

export interface SigningKeyWriter extends SigningKeyReader {
  insert(row: SigningKeyRow): Promise<void>
  /** The key signs no more; its tokens are accepted until then. */
  retire(organization: string, id: string, verifiesUntilMs: number): Promise<void>
  remove(organization: string, id: string): Promise<void>
}
