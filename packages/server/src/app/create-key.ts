import type { KeyType, RateLimit } from '@sallyport/core'
import type { KeyRow } from '../store/rows.ts'

export interface CreateKeyInput {
  readonly organization: string
  readonly name: string
  readonly type: KeyType
  /** The consumer's own where there is a consumer. */
  readonly environment?: string | null | undefined
  /** A consumer's id. */
  readonly consumer?: string | null | undefined
  readonly roles?: readonly string[] | undefined
  readonly expiresAtMs?: number | null | undefined
  readonly addressRules?: readonly string[] | undefined
  readonly rateLimits?: readonly RateLimit[] | undefined
}
export interface CreatedKey {
  readonly key: KeyRow
  /** Shown this once, unless the key is public. */
  readonly token: string
}
