import { type Kysely, sql } from 'kysely'
import type { Migration } from '../../definition/migration.ts'
import { table } from '../../definition/table.ts'

/**
 * Keys of other organizations, and which organizations may accept a key. Roles have holders of several kinds from here
 * on.
 */
export const externalKeys: Migration = {
  number: 8,
  name: 'external-keys',
  async up(db, types) {
    const { name, text, integer, tableEnd } = types
    await table(
      db,
      'external_keys',
      {
        organization: name,
        id: name,
        key_id: name,
        owner: name,
        roles_json: text,
        active: integer,
        allowed: integer,
        address_rules_json: text,
        rate_limits_json: text,
        created_at: integer,
        created_by: text,
      },
      { label: text },
    )
      .addPrimaryKeyConstraint('external_keys_pkey', ['organization', 'id'])
      .addUniqueConstraint('external_keys_key', ['organization', 'key_id'])
      .addForeignKeyConstraint('external_keys_organization', ['organization'], 'organizations', ['slug'])
      .addForeignKeyConstraint('external_keys_owner_key', ['owner', 'key_id'], 'keys', ['organization', 'id'])
      .modifyEnd(tableEnd)
      .execute()
    await db.schema
      .createIndex('external_keys_list')
      .on('external_keys')
      .columns(['organization', 'created_at', 'id'])
      .execute()
    await db.schema
      .createIndex('external_keys_of_owner')
      .on('external_keys')
      .columns(['owner', 'key_id'])
      .execute()
    // No foreign key starts here, so counting never waits for a writer.
    await table(db, 'external_key_usage', { organization: name, key_id: name, last_used_at: integer })
      .addPrimaryKeyConstraint('external_key_usage_pkey', ['organization', 'key_id'])
      .modifyEnd(tableEnd)
      .execute()
    // The empty text stands for all keys, and for all organizations.
    await table(db, 'acceptance_refusals', {
      organization: name,
      key_id: name,
      partner: name,
      created_at: integer,
      created_by: text,
    })
      .addPrimaryKeyConstraint('acceptance_refusals_pkey', ['organization', 'key_id', 'partner'])
      .addForeignKeyConstraint('acceptance_refusals_organization', ['organization'], 'organizations', [
        'slug',
      ])
      .modifyEnd(tableEnd)
      .execute()
    await table(
      db,
      'role_holders',
      { organization: name, role: name, kind: name, holder: name },
      { environment: name },
    )
      .addPrimaryKeyConstraint('role_holders_pkey', ['organization', 'role', 'kind', 'holder'])
      .addForeignKeyConstraint('role_holders_organization', ['organization'], 'organizations', ['slug'])
      .modifyEnd(tableEnd)
      .execute()
    await moveHolders(db)
  },
}

async function moveHolders(db: Kysely<unknown>): Promise<void> {
  await sql`
    insert into role_holders (organization, role, kind, holder, environment)
    select organization, role, 'key', key_id, environment from key_roles
  `.execute(db)
  await db.schema.dropTable('key_roles').execute()
}
