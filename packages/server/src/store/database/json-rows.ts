import type { RawBuilder } from 'kysely'

/**
 * Makes a table expression of a JSON array of arrays, which hold the values of the columns in their order. So a statement
 * has the same text however many rows it gets. Each database has its own.
 */
export type JsonRows = (
  json: string,
  columns: Readonly<Record<string, 'text' | 'bigint'>>,
) => RawBuilder<unknown>
