import type { Migration } from '../../definition/migration.ts'
import { table } from '../../definition/table.ts'

/** The credentials of gateways that were removed, so that one that still runs learns it. */
export const removedGateways: Migration = {
  number: 39,
  name: 'removed-gateways',
  async up(db, { name, integer, tableEnd }) {
    await table(db, 'removed_gateways', { credential_digest: name, removed_at: integer })
      .addPrimaryKeyConstraint('removed_gateways_pkey', ['credential_digest'])
      .modifyEnd(tableEnd)
      .execute()
  },
}
