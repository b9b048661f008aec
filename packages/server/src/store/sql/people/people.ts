import { requireUpdated } from '../../database/affected-rows.ts'
import type { UniqueConstraints } from '../../database/conflicts.ts'
import type { Database } from '../../database/schema.ts'
import type { PersonReader, PersonRow, PersonWriter } from '../../port/people/people.ts'

declare module '../../database/schema.ts' {
  interface Schema {
    people: PeopleTable
  }
}

interface PeopleTable {
  id: string
  email: string
  name: string
  password_hash: string | null
  password_changed_at: number | null
  email_proven_at: number | null
  created_at: number
}

export const PEOPLE_CONSTRAINTS: UniqueConstraints = {
  people_email: {
    table: 'people',
    columns: ['email'],
    detail: 'This e-mail address has an account already. Sign in instead.',
  },
}

function personRow(row: PeopleTable): PersonRow {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    passwordHash: row.password_hash,
    passwordChangedAtMs: row.password_changed_at,
    emailProvenAtMs: row.email_proven_at,
    createdAtMs: row.created_at,
  }
}

/** The columns that an update replaces. */
function changeable(row: PersonRow) {
  return {
    name: row.name,
    password_hash: row.passwordHash,
    password_changed_at: row.passwordChangedAtMs,
    email_proven_at: row.emailProvenAtMs,
  }
}

export function personReader(db: Database): PersonReader {
  const find = async (column: 'id' | 'email', value: string): Promise<PersonRow | undefined> => {
    const row = await db.selectFrom('people').selectAll().where(column, '=', value).executeTakeFirst()
    return row && personRow(row)
  }
  return { get: (id) => find('id', id), byEmail: (email) => find('email', email) }
}

export function personWriter(db: Database): PersonWriter {
  return {
    ...personReader(db),

    async insert(row) {
      await db
        .insertInto('people')
        .values({ ...changeable(row), id: row.id, email: row.email, created_at: row.createdAtMs })
        .execute()
    },

    async update(row) {
      requireUpdated(
        await db.updateTable('people').set(changeable(row)).where('id', '=', row.id).executeTakeFirst(),
      )
    },
  }
}
