import type { FeedKind } from '../../feed/entity-feed.ts'
import type { PageRequest, Page } from '../../port/pages/paging.ts'
import type { Reader, Store, Writer } from '../../port/store.ts'
import type { WebhookQueues } from '../../port/webhooks/webhook-queues.ts'

export const FIRST_MS = 1_700_000_000_000

/** Makes the example rows of an organization differ. */
export interface Seed {
  /** The organization, which `insertOrganization` has created. */
  readonly owner: string
  /** 0, 1, 2, … */
  readonly index: number
  /** The row's id or name, where its entity has one. */
  readonly id: string
  /** The id of the organization's first example. */
  readonly firstId: string
  readonly createdAtMs: number
}

/** The methods of a store with which the examples write. */
export interface StoreWrites extends Pick<Store, 'write' | 'claimRun' | 'finishRun' | 'addUsage'> {
  readonly webhookQueues: Pick<WebhookQueues, 'claim' | 'add' | 'release'>
}

export interface ListExample {
  readonly read: (read: Reader, seed: Seed, page: PageRequest) => Promise<Page<unknown>>
  /** The types of the columns that order the list, as its cursor has them. */
  readonly cursor: readonly ('number' | 'string')[]
}

/** A table and the values of one row in it. */
export type StoredRow = readonly [table: string, columns: Readonly<Record<string, string | number | null>>]

/** The update of an entity that takes a whole row. */
export interface RowUpdate<Row> {
  apply(tx: Writer, row: Row): Promise<void>
  /** A new value of each member that the update changes. It ignores new values of the other members. */
  readonly changes: Partial<Row>
  /** A member that identifies the row besides its id or name and its organization. */
  readonly owner?: string
}

/**
 * Example rows of one entity. The generic suites run over all of them, in the order of `EXAMPLES`: when a row is inserted, the rows of the examples before it exist with the same seed.
 */
export interface Example<Row> {
  /** Whether each row belongs to one organization. */
  readonly isTenant: boolean
  /** The kind of the feed record, or null when gateways do not receive the entity. */
  readonly feedKind: FeedKind | null
  readonly row: (seed: Seed) => Row
  readonly insert: (store: StoreWrites, seed: Seed) => Promise<unknown>
  /** Reads the row of `row(seed)` back. */
  readonly get: (read: Reader, seed: Seed) => Promise<Row | undefined>
  /** Calls each method of the reader that is neither `get` nor one of `lists`. No result is empty. */
  readonly queries: (read: Reader, seed: Seed) => readonly Promise<unknown>[]
  /** The paged lists, by name. */
  readonly lists: Readonly<Record<string, ListExample>>
  /** Changes the row; null when the entity never changes. */
  readonly update: ((store: StoreWrites, seed: Seed) => Promise<unknown>) | null
  /** Required if the entity's writer has a method `update`. */
  readonly rowUpdate?: RowUpdate<Row>
  /**
   * For each unique constraint of the entity, by name: inserts a row with this id that cannot exist beside the row of
   * the seed.
   */
  readonly duplicates?: Readonly<Record<string, (tx: Writer, seed: Seed, id: string) => Promise<void>>>
  /** Removes the row; null when only the removal of another row does. */
  readonly remove: ((store: StoreWrites, seed: Seed) => Promise<unknown>) | null
  /** The number of the migration that creates the tables. */
  readonly since: number
  /** The row as that migration stores it, after the rows that it refers to. */
  readonly stored: (seed: Seed) => readonly StoredRow[]
}

/** A list in order of creation, then by id or name. */
export function createdList(read: ListExample['read']): ListExample {
  return { read, cursor: ['number', 'string'] }
}

/** The columns `created_at` and `created_by` of a row. */
export function createdColumns(row: { readonly createdAtMs: number; readonly createdBy: string }) {
  return { created_at: row.createdAtMs, created_by: row.createdBy }
}
