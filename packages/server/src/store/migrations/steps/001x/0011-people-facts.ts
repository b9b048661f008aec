import { sql } from 'kysely'
import type { Migration } from '../../definition/migration.ts'

/**
 * Who created each organization, because one person can create a limited number; which invitations have ended; and which
 * sessions depend on a passkey or a provider. Of older sessions nobody knows that, so they end.
 */
export const peopleFacts: Migration = {
  number: 11,
  name: 'people-facts',
  async up(db, types) {
    await db.schema.alterTable('organizations').addColumn('founder', types.name).execute()
    await sql`
      update organizations set founder = (
        select min(actor) from audit_events
        where audit_events.organization = organizations.slug
          and action = 'organizations.create'
          and target = 'organization/' || organizations.slug
          and actor in (select id from people)
      )
    `.execute(db)
    await db.schema.createIndex('organizations_of_founder').on('organizations').columns(['founder']).execute()
    await sql`delete from sessions where method <> 'password'`.execute(db)
    await db.schema.alterTable('sessions').addColumn('depends_on', types.name).execute()
    await db.schema.createIndex('invitations_by_expiry').on('invitations').columns(['expires_at']).execute()
  },
}
