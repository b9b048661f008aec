import type { RawBuilder } from 'kysely'
import type { JsonRows } from '../../database/json-rows.ts'

/** The SQL of migrations that differs between the databases. */
export interface ColumnTypes {
  /**
   * Text that queries compare or order by. Its order is by bytes, so that both databases agree whatever their
   * locale.
   */
  readonly name: RawBuilder<unknown>
  /** Text that no query compares or orders by. */
  readonly text: RawBuilder<unknown>
  /** A signed integer of 64 bits. */
  readonly integer: RawBuilder<unknown>
  /** The end of a table's definition. */
  readonly tableEnd: RawBuilder<unknown>
  /** Rows to insert. */
  readonly jsonRows: JsonRows
}
