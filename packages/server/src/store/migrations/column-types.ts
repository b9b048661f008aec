import type { RawBuilder } from 'kysely'

/** What a migration needs to know of the database it runs on; everything else is the same on both. */
export interface ColumnTypes {
  /**
   * Text that is compared, ordered or paged by: byte by byte, so that both databases agree whatever language they
   * were set up for.
   */
  readonly name: RawBuilder<unknown>
  /** Text that is only kept. */
  readonly text: RawBuilder<unknown>
  /** A signed integer of 64 bits. */
  readonly integer: RawBuilder<unknown>
  /** What ends a table's definition. */
  readonly tableEnd: RawBuilder<unknown>
}
