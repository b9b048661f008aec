import type { Migration } from '../../definition/migration.ts'
import { table } from '../../definition/table.ts'

/** Counts of requests that are stored, and that no sum has yet. Each row has those of many keys. */
export const usageLog: Migration = {
  number: 38,
  name: 'usage-log',
  async up(db, { name, text, integer, tableEnd }) {
    await table(db, 'usage_log', { id: name, is_merged: integer, row_count: integer, rows_json: text })
      .addPrimaryKeyConstraint('usage_log_pkey', ['id'])
      .modifyEnd(tableEnd)
      .execute()
  },
}
