import { Problem, type RoleRecord } from '@sallyport/core'
import { sql } from 'kysely'
import { requireDeleted } from '../../database/affected-rows.ts'
import type { UniqueConstraints } from '../../database/conflicts.ts'
import { grantsFromJson, toJson } from '../../database/json-columns.ts'
import type { Database } from '../../database/schema.ts'
import { entityFeed } from '../../feed/entity-feed.ts'
import type { StagedChange } from '../../feed/staged-change.ts'
import type { RoleReader, RoleRow, RoleWriter } from '../../port/roles.ts'
import { holdersOf } from './role-holders.ts'

declare module '../../database/schema.ts' {
  interface Schema {
    roles: RolesTable
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

  return {
    async get(organization, name) {
      const row = await roles(organization).where('name', '=', name).executeTakeFirst()
      return row && roleRow(row)
    },

    async all(organization) {
      return (await roles(organization).orderBy('name').execute()).map(roleRow)
    },

    async named(organizations, names) {
      if (organizations.length === 0 || names.length === 0) return []
      const rows = await db
        .selectFrom('roles')
        .selectAll()
        .where('organization', 'in', organizations)
        .where('name', 'in', names)
        .execute()
      return rows.map(roleRow)
    },

    async holders(organization, role, limit, visible) {
      return await holdersOf(db, organization, role, visible)
        .leftJoin('keys', (join) =>
          join
            .onRef('keys.organization', '=', 'role_holders.organization')
            .onRef('keys.id', '=', 'role_holders.holder')
            .on('role_holders.kind', '=', 'key'),
        )
        .leftJoin('external_keys', (join) =>
          join
            .onRef('external_keys.organization', '=', 'role_holders.organization')
            .onRef('external_keys.id', '=', 'role_holders.holder')
            .on('role_holders.kind', '=', 'external-key'),
        )
        .leftJoin('people', (join) =>
          join.onRef('people.id', '=', 'role_holders.holder').on('role_holders.kind', '=', 'member'),
        )
        .select((eb) => [
          'role_holders.kind',
          'role_holders.holder as id',
          eb.fn
            .coalesce('people.name', 'keys.name', 'external_keys.label', 'external_keys.key_id', eb.val(''))
            .as('name'),
        ])
        .orderBy(sql`case role_holders.kind when 'member' then 1 when 'key' then 2 else 3 end`)
        .orderBy('role_holders.holder')
        .limit(limit)
        .execute()
    },

    async countHolders(organization, role, visible) {
      const { holders } = await holdersOf(db, organization, role, visible)
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
