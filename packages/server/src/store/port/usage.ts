import type { KeyId } from '@sallyport/core'

/** The use of one secret since the last report. */
export interface UsageRow {
  readonly keyId: KeyId
  readonly secretSequence: number
  readonly requests: number
  readonly lastUsedAtMs: number
  readonly lastUsedAddress: string | null
  /** The organization that the key called as an external key; null or left out for the key's own. */
  readonly usedIn?: string | null
}
