import type { Kysely } from 'kysely'
import type { Database } from '../../../database/schema.ts'
import { changeHash, FIRST_CHANGE_HASH } from '../../../feed/change-hash.ts'
import type { ColumnTypes } from '../../definition/column-types.ts'
import type { Migration } from '../../definition/migration.ts'
import { table } from '../../definition/table.ts'

/** Changes per query while their hashes are computed. */
const BATCH = 500

/** Chains the changes, so that a gateway notices a database that lost commits. */
async function chainChanges(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  for (const column of ['previous_hash', 'hash']) {
    await db.schema
      .alterTable('changes')
      .addColumn(column, types.text, (definition) => definition.notNull().defaultTo(''))
      .execute()
  }
  const changes = db as Database
  let last = { revision: 0, hash: FIRST_CHANGE_HASH }
  for (;;) {
    const rows = await changes
      .selectFrom('changes')
      .select(['revision', 'committed_at', 'records_json'])
      .where('revision', '>', last.revision)
      .orderBy('revision')
      .limit(BATCH)
      .execute()
    for (const { revision, committed_at, records_json } of rows) {
      const hash = changeHash(last.hash, revision, committed_at, records_json)
      await changes
        .updateTable('changes')
        .set({ previous_hash: last.hash, hash })
        .where('revision', '=', revision)
        .execute()
      last = { revision, hash }
    }
    if (rows.length < BATCH) return
  }
}

/** The hash chain of changes, the leases of gateways, and the check value of the master key. */
export const gatewaysAndHistories: Migration = {
  number: 4,
  name: 'gateways and histories',
  async up(db, types) {
    const { name, text, integer, tableEnd } = types
    await chainChanges(db, types)
    await table(db, 'gateways', {
      id: name,
      role: text,
      process: text,
      revision: integer,
      hash: text,
      renewal: integer,
      lease_ms: integer,
      seen_at: integer,
    })
      .addPrimaryKeyConstraint('gateways_pkey', ['id'])
      .modifyEnd(tableEnd)
      .execute()
    // One row at most: its number is always 1.
    await table(db, 'master_key_checks', { number: integer, value: text, created_at: integer })
      .addPrimaryKeyConstraint('master_key_checks_pkey', ['number'])
      .modifyEnd(tableEnd)
      .execute()
  },
}
