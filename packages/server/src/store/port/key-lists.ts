import type { Freshness, KeyState, KeyType, LabelFilter } from '@sallyport/core'

/** What the keys of a list have in common; a member that is left out does not matter. Times are ms since 1970. */
export interface KeyFilter {
  /** Each begins a word of the key: see `searchedWords` of core. */
  readonly words?: readonly string[] | undefined
  readonly type?: KeyType | undefined
  readonly state?: { readonly is: KeyState; readonly atMs: number } | undefined
  readonly environment?: string | undefined
  readonly consumer?: string | undefined
  readonly role?: string | undefined
  /** Each must be among the labels of the key itself. */
  readonly labels?: readonly LabelFilter[] | undefined
  /** Ends after one time, and at the other one at the latest, by its expiry or its age. */
  readonly expires?: { readonly afterMs: number; readonly untilMs: number } | undefined
  readonly freshness?: { readonly is: Freshness; readonly atMs: number } | undefined
  /** Used then at the latest; or never, and created then at the latest. */
  readonly unusedSinceMs?: number | undefined
  readonly isUsed?: boolean | undefined
  /** Only rolling keys: whether the old secret was used after a time. */
  readonly oldSecret?:
    | { readonly isUsed: boolean; readonly sinceMs: number; readonly atMs: number }
    | undefined
  /** Deleted keys are tombstones; they are listed if this says so, or `state` does. */
  readonly includeDeleted?: boolean | undefined
}

export const KEY_ORDERS = ['createdAt', 'expiresAt', 'lastUsedAt', 'name'] as const

/**
 * The order of a list; keys with the same value are in the order of their ids. A key without expiry comes after all
 * others. A key that was never used comes before all others, and these are in the order of their creation. Names are
 * compared in lower case, by code points.
 */
export interface KeyOrder {
  readonly by: (typeof KEY_ORDERS)[number]
  /** Reverses the whole order, that of the ids included. */
  readonly isDescending: boolean
}

export interface KeySelection {
  readonly filter?: KeyFilter | undefined
  /** By creation unless given. */
  readonly order?: KeyOrder | undefined
}
