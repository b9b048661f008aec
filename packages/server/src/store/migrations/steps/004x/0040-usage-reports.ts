import type { Migration } from '../../definition/migration.ts'
import { table } from '../../definition/table.ts'

/** The last report of counts of each source, so that one that arrives again is not counted again. */
export const usageReports: Migration = {
  number: 40,
  name: 'usage-reports',
  async up(db, { name, integer, tableEnd }) {
    await table(db, 'usage_reports', { source: name, number: integer, received_at: integer })
      .addPrimaryKeyConstraint('usage_reports_pkey', ['source'])
      .modifyEnd(tableEnd)
      .execute()
    await db.schema.createIndex('usage_reports_age').on('usage_reports').column('received_at').execute()
  },
}
