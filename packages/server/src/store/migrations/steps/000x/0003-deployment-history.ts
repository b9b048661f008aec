import type { Migration } from '../../definition/migration.ts'

/** What a deployment's history tells of its end. What ended before is not known to have been ended by anybody. */
export const deploymentHistory: Migration = {
  number: 3,
  name: 'deployment history',
  async up(db, types) {
    for (const [column, type] of [
      ['ended_by', types.text],
      ['replaced_by', types.name],
    ] as const) {
      await db.schema.alterTable('deployments').addColumn(column, type).execute()
    }
  },
}
