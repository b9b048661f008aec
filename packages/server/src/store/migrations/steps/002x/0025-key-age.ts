import { type RawBuilder, sql } from 'kysely'
import type { Migration } from '../../definition/migration.ts'
import { table } from '../../definition/table.ts'

/** The place of a key without secrets. */
const NEVER_MS = Number.MAX_SAFE_INTEGER

/** When the newest secret of a key was created, in whole seconds, among those that fulfil a condition. */
const newestCreation = (condition: RawBuilder<unknown>): RawBuilder<unknown> => sql`(
  select created_at / 1000 * 1000 from secrets
  where secrets.organization = key_index.organization and secrets.key_id = key_index.id ${condition}
  order by sequence desc limit 1
)`

/** Policies about the age of keys, the creation of each key's current secret, and which ends were already told. */
export const keyAge: Migration = {
  number: 25,
  name: 'key-age',
  async up(db, { name, text, integer, tableEnd }) {
    await table(
      db,
      'key_ages',
      { organization: name, id: name, version: integer, updated_at: integer, updated_by: text },
      { environment: name, rotation_reminder_days: integer, max_lifetime_days: integer },
    )
      .addPrimaryKeyConstraint('key_ages_pkey', ['organization', 'id'])
      .addForeignKeyConstraint('key_ages_environment', ['organization', 'environment'], 'environments', [
        'organization',
        'name',
      ])
      .modifyEnd(tableEnd)
      .execute()
    await table(db, 'key_age_ends', {
      organization: name,
      id: name,
      kind: name,
      through_at: integer,
      through_key: name,
    })
      .addPrimaryKeyConstraint('key_age_ends_pkey', ['organization', 'id', 'kind'])
      .modifyEnd(tableEnd)
      .execute()
    await db.schema
      .alterTable('key_index')
      .addColumn('secret_created_at', integer, (column) => column.notNull().defaultTo(NEVER_MS))
      .execute()
    await sql`
      update key_index set secret_created_at = coalesce(
        ${newestCreation(sql`and expires_at is null`)}, ${newestCreation(sql``)}, ${sql.lit(NEVER_MS)}
      )
    `.execute(db)
    await db.schema
      .createIndex('key_index_secret_created')
      .on('key_index')
      .columns(['organization', 'section', 'secret_created_at', 'id', 'expires_at'])
      .execute()
  },
}
