import { Problem } from '@sallyport/core'
import { requireDeleted } from '../../database/affected-rows.ts'
import type { UniqueConstraints } from '../../database/conflicts.ts'
import { createdPage } from '../../database/created-page.ts'
import { textsFromJson, toJson } from '../../database/json-columns.ts'
import type { Database } from '../../database/schema.ts'
import type { MemberReader, MemberRow, MemberWriter, NamedMemberRow } from '../../port/people/members.ts'
import { addHolder, removeHolder } from '../access/role-holders.ts'

declare module '../../database/schema.ts' {
  interface Schema {
    members: MembersTable
  }
}

interface MembersTable {
  organization: string
  /** The id of the person. */
  id: string
  roles_json: string
  created_at: number
  created_by: string
}

export const MEMBERS_CONSTRAINTS: UniqueConstraints = {
  members_pkey: {
    table: 'members',
    columns: ['organization', 'id'],
    detail: 'This person is a member already. Change the roles instead.',
  },
}

function memberRow(row: MembersTable): MemberRow {
  return {
    organization: row.organization,
    id: row.id,
    roles: textsFromJson(row.roles_json),
    createdAtMs: row.created_at,
    createdBy: row.created_by,
  }
}

const holderOf = ({ organization, id, roles }: MemberRow) =>
  ({ organization, kind: 'member', id, environment: null, roles }) as const

export function memberReader(db: Database): MemberReader {
  const members = (organization: string) =>
    db.selectFrom('members').selectAll().where('organization', '=', organization)

  /** Adds what is known of the people, which is read apart so that the pages of members stay on one table. */
  async function named(rows: readonly MembersTable[]): Promise<readonly NamedMemberRow[]> {
    if (rows.length === 0) return []
    const ids = rows.map(({ id }) => id)
    const people = await db
      .selectFrom('people')
      .select(['id', 'email', 'name'])
      .where('id', 'in', ids)
      .execute()
    const byId = new Map(people.map((person) => [person.id, person]))
    return rows.map((row) => {
      const { email = '', name = '' } = byId.get(row.id) ?? {}
      return { ...memberRow(row), email, name }
    })
  }

  return {
    async get(organization, id) {
      const [member] = await named(await members(organization).where('id', '=', id).execute())
      return member
    },

    async byEmail(organization, email) {
      const isPerson = db.selectFrom('people').select('id').where('email', '=', email)
      const [member] = await named(await members(organization).where('id', 'in', isPerson).execute())
      return member
    },

    async list(organization, page) {
      return await createdPage(members(organization), page, 'id', named)
    },

    async countOfOrganization(organization) {
      const { count } = await db
        .selectFrom('members')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .where('organization', '=', organization)
        .executeTakeFirstOrThrow()
      return count
    },

    async countUsingRole(organization, role) {
      const { holders } = await db
        .selectFrom('role_holders')
        .select((eb) => eb.fn.countAll<number>().as('holders'))
        .where('organization', '=', organization)
        .where('role', '=', role)
        .where('kind', '=', 'member')
        .executeTakeFirstOrThrow()
      return holders
    },

    async ofPerson(id) {
      const rows = await db
        .selectFrom('members')
        .selectAll()
        .where('id', '=', id)
        .orderBy('organization')
        .execute()
      return rows.map(memberRow)
    },
  }
}

export function memberWriter(db: Database): MemberWriter {
  const reader = memberReader(db)

  async function existing(organization: string, id: string): Promise<MemberRow> {
    const row = await reader.get(organization, id)
    if (row === undefined) throw new Problem('not_found')
    return row
  }

  return {
    ...reader,

    async insert(row) {
      await db
        .insertInto('members')
        .values({
          organization: row.organization,
          id: row.id,
          roles_json: toJson(row.roles),
          created_at: row.createdAtMs,
          created_by: row.createdBy,
        })
        .execute()
      await addHolder(db, holderOf(row))
    },

    async update(row) {
      await removeHolder(db, holderOf(await existing(row.organization, row.id)))
      await db
        .updateTable('members')
        .set({ roles_json: toJson(row.roles) })
        .where('organization', '=', row.organization)
        .where('id', '=', row.id)
        .execute()
      await addHolder(db, holderOf(row))
    },

    async remove(organization, id) {
      await removeHolder(db, holderOf(await existing(organization, id)))
      requireDeleted(
        await db
          .deleteFrom('members')
          .where('organization', '=', organization)
          .where('id', '=', id)
          .executeTakeFirst(),
      )
    },
  }
}
