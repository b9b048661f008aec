import { type KeyId, Problem, type RoleRecord } from '@sallyport/core'
import { requireDeleted } from '../database/affected-rows.ts'
import type { UniqueConstraints } from '../database/conflicts.ts'
import { isWithin } from '../database/scope-condition.ts'
import { grantsFromJson, toJson } from '../database/json-columns.ts'
import type { Database } from '../database/schema.ts'
import { entityFeed } from '../feed/entity-feed.ts'
import type { StagedChange } from '../feed/staged-change.ts'
import type { RoleReader, RoleRow, RoleWriter } from '../port/roles.ts'

declare module '../database/schema.ts' {
  interface Schema {
    roles: RolesTable
    key_roles: KeyRolesTable
  }
}

interface RolesTable {
  organization: string
  id: string
  name: string
  permissions_json: string
  created_at: number
  created_by: string
  updated_at: number
  updated_by: string
}

/** Who has a role, custom or built-in: keys that are not deleted, with their environments. */
interface KeyRolesTable {
  organization: string
  role: string
  key_id: string
  environment: string | null
}

export const ROLES_CONSTRAINTS: UniqueConstraints = {
  roles_name: {
    table: 'roles',
    columns: ['organization', 'name'],
    detail: 'The organization already has a role with this name. Choose another name.',
  },
}

export const ROLES_FEED = entityFeed({
  kind: 'role',
  keyColumns: ['organization', 'name'],
  select: (db) => db.selectFrom('roles').select(['organization', 'name', 'permissions_json']),
  record: (row): RoleRecord => ({
    kind: 'role',
    organization: row.organization,
    name: row.name,
    grants: grantsFromJson(row.permissions_json),
  }),
})

function roleRow(row: RolesTable): RoleRow {
  return {
    organization: row.organization,
    id: row.id,
    name: row.name,
    permissions: grantsFromJson(row.permissions_json),
    createdAtMs: row.created_at,
    createdBy: row.created_by,
    updatedAtMs: row.updated_at,
    updatedBy: row.updated_by,
  }
}

export function roleReader(db: Database): RoleReader {
  const roles = (organization: string) =>
    db.selectFrom('roles').selectAll().where('organization', '=', organization)

  function held(organization: string, role: string, visible: Parameters<RoleReader['holders']>[3]) {
    const query = db
      .selectFrom('key_roles')
      .where('key_roles.organization', '=', organization)
      .where('role', '=', role)
    return visible === undefined
      ? query
      : query.where(isWithin(visible, { environment: 'key_roles.environment' }))
  }

  return {
    async get(organization, name) {
      const row = await roles(organization).where('name', '=', name).executeTakeFirst()
      return row && roleRow(row)
    },

    async all(organization) {
      return (await roles(organization).orderBy('name').execute()).map(roleRow)
    },

    async named(organization, names) {
      if (names.length === 0) return []
      return (await roles(organization).where('name', 'in', names).execute()).map(roleRow)
    },

    async holders(organization, role, limit, visible) {
      return await held(organization, role, visible)
        .innerJoin('keys', (join) =>
          join
            .onRef('keys.organization', '=', 'key_roles.organization')
            .onRef('keys.id', '=', 'key_roles.key_id'),
        )
        .select(['keys.id', 'keys.name'])
        .orderBy('key_roles.key_id')
        .limit(limit)
        .execute()
    },

    async countHolders(organization, role, visible) {
      const { holders } = await held(organization, role, visible)
        .select((eb) => eb.fn.countAll<number>().as('holders'))
        .executeTakeFirstOrThrow()
      return holders
    },
  }
}

export function roleWriter(db: Database, staged: StagedChange): RoleWriter {
  return {
    ...roleReader(db),

    async insert(row) {
      await db
        .insertInto('roles')
        .values({
          organization: row.organization,
          id: row.id,
          name: row.name,
          permissions_json: toJson(row.permissions),
          created_at: row.createdAtMs,
          created_by: row.createdBy,
          updated_at: row.updatedAtMs,
          updated_by: row.updatedBy,
        })
        .execute()
      staged.upsert(ROLES_FEED, row.organization, row.name)
    },

    async update(row) {
      const updated = await db
        .updateTable('roles')
        .set({
          permissions_json: toJson(row.permissions),
          updated_at: row.updatedAtMs,
          updated_by: row.updatedBy,
        })
        .where('organization', '=', row.organization)
        .where('id', '=', row.id)
        .returning('name')
        .executeTakeFirst()
      if (updated === undefined) throw new Problem('not_found')
      staged.upsert(ROLES_FEED, row.organization, updated.name)
    },

    async remove(organization, name) {
      requireDeleted(
        await db
          .deleteFrom('roles')
          .where('organization', '=', organization)
          .where('name', '=', name)
          .executeTakeFirst(),
      )
      staged.remove(ROLES_FEED, organization, name)
    },
  }
}

/** What the role index has of a key. */
export interface RoleHolder {
  readonly organization: string
  readonly id: KeyId
  readonly environment: string | null
  readonly roles: readonly string[]
}

/** Adds a key to the holders of its roles. */
export async function addHolder(db: Database, holder: RoleHolder): Promise<void> {
  const { organization, id, environment } = holder
  const roles = [...new Set(holder.roles)]
  if (roles.length === 0) return
  await db
    .insertInto('key_roles')
    .values(roles.map((role) => ({ organization, role, key_id: id, environment })))
    .execute()
}

/** Removes a key from the holders of the roles that it has. */
export async function removeHolder(
  db: Database,
  { organization, id, roles }: Omit<RoleHolder, 'environment'>,
): Promise<void> {
  if (roles.length === 0) return
  await db
    .deleteFrom('key_roles')
    .where('organization', '=', organization)
    .where('role', 'in', roles)
    .where('key_id', '=', id)
    .execute()
}
