import type { KeyId } from '@sallyport/core'
import type { Page, PageRequest } from '../pages/paging.ts'

/** How a hand-over ended; `pending` until then, also after `expiresAtMs` until it is recorded as expired. */
export type HandOverState = 'pending' | 'opened' | 'expired' | 'withdrawn'

/** A link that shows the token of one secret once. */
export interface HandOverRow {
  readonly organization: string
  /** Its random part makes it unique over all organizations. */
  readonly id: string
  readonly key: KeyId
  /** The environment of the key; null also if the key is deleted and its environment removed. */
  readonly environment: string | null
  /** The `sequence` of the secret. */
  readonly secretSequence: number
  readonly state: HandOverState
  /** SHA-256 of the proof that opens it, 64 lower-case hexadecimal digits. */
  readonly proofDigest: string
  /** The encrypted token, sealed under the master key; null once it is no longer pending. */
  readonly sealed: string | null
  readonly createdAtMs: number
  /** The id of the actor who created it. */
  readonly createdBy: string
  readonly expiresAtMs: number
  /** When it was opened, expired or withdrawn; null while it is pending. */
  readonly endedAtMs: number | null
  /** Who opened it, as far as known: the IP address and the `User-Agent`. */
  readonly openerAddress: string | null
  readonly openerUserAgent: string | null
}

/** How and when a hand-over ends. */
export interface HandOverEnd {
  readonly state: Exclude<HandOverState, 'pending'>
  readonly endedAtMs: number
  readonly openerAddress?: string | null
  readonly openerUserAgent?: string | null
}

export interface HandOverReader {
  get(organization: string, id: string): Promise<HandOverRow | undefined>
  /** Of any organization. */
  find(id: string): Promise<HandOverRow | undefined>
  /** In order of creation. */
  list(organization: string, page: PageRequest): Promise<Page<HandOverRow>>
  /** How many can still be opened. */
  countPending(organization: string, nowMs: number): Promise<number>
  /** Those of one key that are pending, oldest first. */
  pendingOfKey(organization: string, key: KeyId): Promise<readonly HandOverRow[]>
}

export interface HandOverWriter extends HandOverReader {
  /** Inserts a row. Of the hand-overs of its organization that have ended, only the newest `endedKept` stay. */
  insert(row: HandOverRow, endedKept: number): Promise<void>
  /** Ends a pending one and deletes the encrypted token. @throws Problem `not_found` if it is not pending */
  end(organization: string, id: string, how: HandOverEnd): Promise<void>
  /** Lets a pending one expire earlier. @throws Problem `not_found` if it is not pending */
  shorten(organization: string, id: string, expiresAtMs: number): Promise<void>
  /**
   * Ends those of all organizations that expired by `nowMs`, as of their expiry: at most `limit`, the earliest first.
   * Returns them.
   */
  endExpired(nowMs: number, limit: number): Promise<readonly HandOverRow[]>
}
