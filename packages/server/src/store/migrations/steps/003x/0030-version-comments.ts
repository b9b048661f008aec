import type { Migration } from '../../definition/migration.ts'

/** What the author of a version says about it; nothing of those that exist. */
export const versionComments: Migration = {
  number: 30,
  name: 'version-comments',
  async up(db, { text }) {
    await db.schema.alterTable('pipeline_versions').addColumn('comment', text).execute()
  },
}
