import type { Counting } from '../database/counting.ts'
import type { Database } from '../database/schema.ts'
import type { ReadSource } from '../feed/snapshot-threads.ts'
import type { WriteTurn } from '../database/write-turn.ts'
import type { ColumnTypes } from '../migrations/definition/column-types.ts'

/** A connection for consistent readings only. */
export type ConsistentReader = Pick<Backend, 'readConsistently'> & AsyncDisposable

/** Everything that differs between SQLite and PostgreSQL. The entities' queries run on either. */
export interface Backend extends Counting, AsyncDisposable {
  readonly columnTypes: ColumnTypes
  /** Runs each query on its own; never waits for a writer. */
  readonly reader: Database
  /**
   * Its transactions take the database's one write lock first and hold it to their end. Their statements see
   * everything that was committed before they got the lock.
   */
  readonly writer: Database
  /** Like `writer`, for migrations: its statements may take as long as they need. */
  readonly migrator: Database
  /** The deadline of the transaction that `writer` runs. */
  readonly turn: WriteTurn
  /** Its transactions write without the write lock, where the database allows it. */
  readonly counter: Database
  /** Where threads read for themselves. */
  readonly source: ReadSource
  /** Runs `use` in a read transaction: all its queries see the same state of the database. */
  readConsistently<T>(use: (db: Database) => Promise<T>): Promise<T>
  /** Notifies other processes of a revision when the transaction commits. */
  announce(tx: Database, revision: number): Promise<void>
  /** Calls `wake` when another process announces a revision. Returns a function that stops it. */
  onAnnounced(wake: () => void): () => void
}
