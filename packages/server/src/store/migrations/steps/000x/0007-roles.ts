import { type Kysely, sql } from 'kysely'
import type { ColumnTypes } from '../../definition/column-types.ts'
import type { Migration } from '../../definition/migration.ts'
import { table } from '../../definition/table.ts'

/** Keys per query. Each has up to 16 roles of 4 values, and PostgreSQL takes 65,535 values in a statement. */
const BATCH = 500

/** The tables that this migration reads and writes, as they are at its time. */
interface KeysTable {
  organization: string
  id: string
  environment: string | null
  roles_json: string
  deleted_at: number | null
}

interface KeyRolesTable {
  organization: string
  role: string
  key_id: string
  environment: string | null
}

async function createTables(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const { name, text, integer, tableEnd } = types
  await table(db, 'roles', {
    organization: name,
    id: name,
    name,
    permissions_json: text,
    created_at: integer,
    created_by: text,
    updated_at: integer,
    updated_by: text,
  })
    .addPrimaryKeyConstraint('roles_pkey', ['organization', 'id'])
    .addUniqueConstraint('roles_name', ['organization', 'name'])
    .addForeignKeyConstraint('roles_organization', ['organization'], 'organizations', ['slug'])
    .modifyEnd(tableEnd)
    .execute()
  await table(db, 'key_roles', { organization: name, role: name, key_id: name }, { environment: name })
    .addPrimaryKeyConstraint('key_roles_pkey', ['organization', 'role', 'key_id'])
    .addForeignKeyConstraint('key_roles_key', ['organization', 'key_id'], 'keys', ['organization', 'id'])
    .modifyEnd(tableEnd)
    .execute()
}

async function copyHolders(untyped: Kysely<unknown>): Promise<void> {
  const db = untyped.withTables<{ keys: KeysTable; key_roles: KeyRolesTable }>()
  const read = db
    .selectFrom('keys')
    .select(['organization', 'id', 'environment', 'roles_json'])
    .where('deleted_at', 'is', null)
    .where('roles_json', '<>', '[]')
    .orderBy('organization')
    .orderBy('id')
    .limit(BATCH)
  let last = { organization: '', id: '' }
  for (;;) {
    const rows = await read
      .where(sql<boolean>`(organization, id) > (${last.organization}, ${last.id})`)
      .execute()
    const holders = rows.flatMap(({ organization, id, environment, roles_json }) =>
      [...new Set(JSON.parse(roles_json) as readonly string[])].map((role) => ({
        organization,
        role,
        key_id: id,
        environment,
      })),
    )
    if (holders.length > 0) await db.insertInto('key_roles').values(holders).execute()
    const newest = rows.at(-1)
    if (newest === undefined || rows.length < BATCH) return
    last = newest
  }
}

/** Custom roles, and who has which role: the keys that are not deleted. */
export const roles: Migration = {
  number: 7,
  name: 'roles',
  async up(db, types) {
    await createTables(db, types)
    await copyHolders(db)
  },
}
