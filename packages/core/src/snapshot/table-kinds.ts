import type { RowTable } from '../tables/row-table.ts'
import type { SnapshotParts } from './parts.ts'

/** The kinds of records that are rows, in the order of their numbers in bytes. Further ones come last. */
export const TABLE_KINDS = ['key', 'consumer', 'external-key', 'basic-credential'] as const
export type TableKind = (typeof TABLE_KINDS)[number]

/** The tables of a snapshot. */
export function tablesOf({
  keys,
  consumers,
  externalKeys,
  basicCredentials,
}: SnapshotParts): Record<TableKind, RowTable> {
  return {
    key: keys.records.rows,
    consumer: consumers.rows,
    'external-key': externalKeys.rows,
    'basic-credential': basicCredentials.rows,
  }
}
