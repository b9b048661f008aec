import type { Migration } from '../../definition/migration.ts'
import { table } from '../../definition/table.ts'

/** Where requests with each secret of a rolling key come from: the last addresses and user agents. */
export const secretSources: Migration = {
  number: 14,
  name: 'secret-sources',
  async up(db, { name, integer, tableEnd }) {
    // No foreign key starts here, so counting never waits for a writer.
    await table(db, 'secret_sources', {
      organization: name,
      key_id: name,
      sequence: integer,
      kind: name,
      value: name,
      requests: integer,
      last_used_at: integer,
    })
      .addPrimaryKeyConstraint('secret_sources_pkey', ['organization', 'key_id', 'sequence', 'kind', 'value'])
      .modifyEnd(tableEnd)
      .execute()
  },
}
