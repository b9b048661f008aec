import { sql } from 'kysely'
import type { Migration } from './migration.ts'

/** Which person created an organization: what one person can create in all is limited. */
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
  },
}
