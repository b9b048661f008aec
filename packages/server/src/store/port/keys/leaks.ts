import type { KeyId, LeakSource } from '@sallyport/core'
import type { Page, PageRequest } from '../pages/paging.ts'

/** A place where the secret of a key was found in public. */
export interface LeakRow {
  readonly organization: string
  readonly id: string
  readonly key: KeyId
  /** The environment of the key; null also if the key is deleted and its environment removed. */
  readonly environment: string | null
  /** The `sequence` of the secret. */
  readonly secretSequence: number
  readonly source: LeakSource
  /** Where it was found, without any secret; empty if the source did not say. */
  readonly url: string
  /** Whether the secret worked when the leak was reported. */
  readonly live: boolean
  /** Whether the key was switched off because of it. */
  readonly switchedOff: boolean
  readonly createdAtMs: number
}

/** Which leaks a list shows; all that are visible unless given. */
export interface LeakFilter {
  readonly key?: string | undefined
  readonly environment?: string | undefined
}

export interface LeakReader {
  get(organization: string, id: string): Promise<LeakRow | undefined>
  /** Newest first. */
  list(organization: string, page: PageRequest, filter?: LeakFilter): Promise<Page<LeakRow>>
  /** Those of one key, oldest first. */
  ofKey(organization: string, key: KeyId): Promise<readonly LeakRow[]>
}

export interface LeakWriter extends LeakReader {
  /** Inserts a row. Of the leaks of its key, only the newest `kept` stay. */
  insert(row: LeakRow, kept: number): Promise<void>
}
