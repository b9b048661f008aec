import type { ColumnTypes } from '../migrations/column-types.ts'
import type { Database } from '../database/schema.ts'

/**
 * What a database brings. The repositories run on it without knowing which one it is; everything that differs
 * between SQLite and PostgreSQL is behind this.
 */
export interface Backend extends AsyncDisposable {
  readonly columnTypes: ColumnTypes
  /** Each query on its own; never waits for a writer. */
  readonly reader: Database
  /**
   * Its transactions begin by taking the one turn to write, and hold it to their end. Each statement in them sees
   * everything that was committed before the turn was taken.
   */
  readonly writer: Database
  /** Its transactions write without the turn, where the database lets them. */
  readonly counter: Database
  /** Runs `use` in a read transaction that sees one moment, until `use` is done. */
  readMoment<T>(use: (db: Database) => Promise<T>): Promise<T>
  /** Tells other processes of a revision, at the commit of the transaction. */
  announce(tx: Database, revision: number): Promise<void>
  /** Calls back when another process announced a revision. Returns the function that ends it. */
  onAnnounced(wake: () => void): () => void
}
