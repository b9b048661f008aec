import type { Migration } from '../../definition/migration.ts'
import { table } from '../../definition/table.ts'

/** Secrets of keys that were found in public, and what each organization has done then. */
export const leaks: Migration = {
  number: 18,
  name: 'leaks',
  async up(db, { name, text, integer, tableEnd }) {
    await db.schema
      .alterTable('organizations')
      .addColumn('on_leak', name, (column) => column.notNull().defaultTo('notify'))
      .execute()
    await table(
      db,
      'leaks',
      {
        organization: name,
        id: name,
        key_id: name,
        secret_sequence: integer,
        source: name,
        url: text,
        live: integer,
        switched_off: integer,
        created_at: integer,
      },
      { environment: name },
    )
      .addPrimaryKeyConstraint('leaks_pkey', ['organization', 'id'])
      .addForeignKeyConstraint('leaks_key', ['organization', 'key_id'], 'keys', ['organization', 'id'])
      .modifyEnd(tableEnd)
      .execute()
    await db.schema
      .createIndex('leaks_list')
      .on('leaks')
      .columns(['organization', 'created_at', 'id'])
      .execute()
    await db.schema
      .createIndex('leaks_of_key')
      .on('leaks')
      .columns(['organization', 'key_id', 'created_at'])
      .execute()
  },
}
