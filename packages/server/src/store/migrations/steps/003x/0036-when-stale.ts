import type { Migration } from '../../definition/migration.ts'

/**
 * Since which change an environment refuses calls in gateways whose lease is over: null for those that serve, as all did
 * before. Also the change that removed the last one that served, of which gateways may not have heard.
 */
export const whenStale: Migration = {
  number: 36,
  name: 'when-stale',
  async up(db, { integer }) {
    await db.schema.alterTable('environments').addColumn('refuses_since', integer).execute()
    await db.schema.alterTable('organizations').addColumn('served_until', integer).execute()
  },
}
