import type { Migration } from '../../definition/migration.ts'

/** The colour of an organization on the pages of its consumers; none at first. */
export const organizationColors: Migration = {
  number: 29,
  name: 'organization-colors',
  async up(db, { text }) {
    await db.schema.alterTable('organizations').addColumn('color', text).execute()
  },
}
