import type { RateLimit } from '@sallyport/core'
import type { KeyRow } from '../store/rows.ts'

export interface UpdateKeyInput {
  readonly organization: string
  readonly key: string
  readonly name?: string | undefined
  readonly active?: boolean | undefined
  readonly expiresAtMs?: number | null | undefined
  readonly roles?: readonly string[] | undefined
  readonly addressRules?: readonly string[] | undefined
  readonly rateLimits?: readonly RateLimit[] | undefined
}
export interface UpdatedKey {
  readonly key: KeyRow
  readonly revision: number
}
