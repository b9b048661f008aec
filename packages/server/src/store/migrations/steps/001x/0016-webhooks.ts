import { type Kysely, sql } from 'kysely'
import type { Migration } from '../../definition/migration.ts'
import { table } from '../../definition/table.ts'

const HOUR_MS = 3_600_000
const EXPIRING_MS = 30 * 24 * HOUR_MS

/** Webhooks, what was and will be delivered to them, and the times at which something is due to be told about a key. */
export const webhooks: Migration = {
  number: 16,
  name: 'webhooks',
  async up(db, types) {
    const { name, text, integer, tableEnd } = types
    await table(
      db,
      'webhooks',
      {
        organization: name,
        id: name,
        url: text,
        events_json: text,
        active: integer,
        sealed_secret: text,
        created_at: integer,
        created_by: text,
      },
      { sealed_previous_secret: text, previous_secret_ends_at: integer },
    )
      .addPrimaryKeyConstraint('webhooks_pkey', ['organization', 'id'])
      .addForeignKeyConstraint('webhooks_organization', ['organization'], 'organizations', ['slug'])
      .modifyEnd(tableEnd)
      .execute()
    await db.schema
      .createIndex('webhooks_list')
      .on('webhooks')
      .columns(['organization', 'created_at', 'id'])
      .execute()
    // No foreign key starts at the next tables, so delivering never waits for a writer.
    await table(
      db,
      'webhook_queues',
      {
        organization: name,
        webhook: name,
        position: integer,
        wakes: integer,
        failures: integer,
        is_failing: integer,
        holder: name,
        leased_until: integer,
      },
      { due_at: integer },
    )
      .addPrimaryKeyConstraint('webhook_queues_pkey', ['organization', 'webhook'])
      .modifyEnd(tableEnd)
      .execute()
    await db.schema
      .createIndex('webhook_queues_due')
      .on('webhook_queues')
      .columns(['is_failing', 'due_at'])
      .execute()
    await table(
      db,
      'webhook_deliveries',
      {
        organization: name,
        webhook: name,
        sequence: integer,
        id: name,
        type: name,
        subject: name,
        happened_at: integer,
        state: name,
        attempts_json: text,
        attempt_count: integer,
        failures: integer,
        gives_up_at: integer,
      },
      { next_attempt_at: integer, ended_at: integer },
    )
      .addPrimaryKeyConstraint('webhook_deliveries_pkey', ['organization', 'webhook', 'sequence'])
      .modifyEnd(tableEnd)
      .execute()
    await db.schema
      .createIndex('webhook_deliveries_state')
      .on('webhook_deliveries')
      .columns(['organization', 'webhook', 'state', 'sequence'])
      .execute()
    await db.schema
      .createIndex('webhook_deliveries_ended')
      .on('webhook_deliveries')
      .column('ended_at')
      .execute()
    await table(db, 'key_deadlines', { organization: name, key_id: name, kind: name, due_at: integer })
      .addPrimaryKeyConstraint('key_deadlines_pkey', ['organization', 'key_id', 'kind'])
      .addForeignKeyConstraint('key_deadlines_key', ['organization', 'key_id'], 'keys', [
        'organization',
        'id',
      ])
      .modifyEnd(tableEnd)
      .execute()
    await db.schema.createIndex('key_deadlines_due').on('key_deadlines').column('due_at').execute()
    await addDeadlines(db)
  },
}

/** The deadlines of the keys that exist. Those long past are dropped when they are found. */
async function addDeadlines(db: Kysely<unknown>): Promise<void> {
  await sql`
    insert into key_deadlines (organization, key_id, kind, due_at)
    select organization, id, 'expiring', expires_at - ${sql.lit(EXPIRING_MS)} from keys
    where expires_at is not null and deleted_at is null
    union all
    select organization, id, 'expired', expires_at from keys
    where expires_at is not null and deleted_at is null
    union all
    select secrets.organization, secrets.key_id, 'old-secret', max(secrets.expires_at) - ${sql.lit(HOUR_MS)}
    from secrets
    join keys on keys.organization = secrets.organization and keys.id = secrets.key_id
    where secrets.expires_at is not null and keys.deleted_at is null
    group by secrets.organization, secrets.key_id
  `.execute(db)
}
