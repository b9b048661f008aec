import { sql } from 'kysely'
import type { Migration } from '../../definition/migration.ts'
import { table } from '../../definition/table.ts'

/** What organizations start with. */
const MAILED = [
  'key.rotation_failed',
  'key.expiring',
  'key.expired',
  'key.old_secret_still_used',
  'key.leaked',
  'policy.changed',
  'probe.alarm',
  'member.added',
  'member.removed',
]

/** Which events the owners of each organization get by mail, and up to which they got them. */
export const ownerMails: Migration = {
  number: 28,
  name: 'owner-mails',
  async up(db, { name, text, integer, tableEnd }) {
    await db.schema
      .alterTable('organizations')
      .addColumn('owner_mails_json', text, (column) => column.notNull().defaultTo(JSON.stringify(MAILED)))
      .execute()
    // Without a foreign key, so sending never waits for a writer.
    await table(
      db,
      'owner_mail_queues',
      { organization: name, position: integer, wakes: integer, next_at: integer },
      { due_at: integer },
    )
      .addPrimaryKeyConstraint('owner_mail_queues_pkey', ['organization'])
      .modifyEnd(tableEnd)
      .execute()
    await db.schema
      .createIndex('owner_mail_queues_due')
      .on('owner_mail_queues')
      .columns(['due_at', 'organization'])
      .execute()
    // What happened before is not told.
    await sql`
      insert into owner_mail_queues (organization, position, wakes, next_at, due_at)
      select slug, coalesce((select max(sequence) from audit_events where organization = slug), 0), 0, 0, null
      from organizations
    `.execute(db)
  },
}
