import { requireDeleted, requireUpdated } from '../../database/affected-rows.ts'
import type { UniqueConstraints } from '../../database/conflicts.ts'
import type { Database } from '../../database/schema.ts'
import type { SessionReader, SessionRow, SessionWriter, SignInMethod } from '../../port/people/sessions.ts'

declare module '../../database/schema.ts' {
  interface Schema {
    sessions: SessionsTable
  }
}

interface SessionsTable {
  id: string
  person: string
  token_digest: string
  method: SignInMethod
  depends_on: string | null
  created_at: number
  expires_at: number
  last_used_at: number
  confirmed_at: number
  second_factor_at: number | null
  address: string | null
  user_agent: string | null
}

export const SESSIONS_CONSTRAINTS: UniqueConstraints = {
  sessions_token: {
    table: 'sessions',
    columns: ['token_digest'],
    detail: 'A session has this token already.',
  },
}

function sessionRow(row: SessionsTable): SessionRow {
  return {
    id: row.id,
    person: row.person,
    tokenDigest: row.token_digest,
    method: row.method,
    dependsOn: row.depends_on,
    createdAtMs: row.created_at,
    expiresAtMs: row.expires_at,
    lastUsedAtMs: row.last_used_at,
    confirmedAtMs: row.confirmed_at,
    secondFactorAtMs: row.second_factor_at,
    address: row.address,
    userAgent: row.user_agent,
  }
}

/** The columns that an update replaces. */
function changeable(row: SessionRow) {
  return {
    token_digest: row.tokenDigest,
    confirmed_at: row.confirmedAtMs,
    second_factor_at: row.secondFactorAtMs,
    depends_on: row.dependsOn,
  }
}

export function sessionReader(db: Database): SessionReader {
  const find = async (column: 'id' | 'token_digest', value: string): Promise<SessionRow | undefined> => {
    const row = await db.selectFrom('sessions').selectAll().where(column, '=', value).executeTakeFirst()
    return row && sessionRow(row)
  }

  return {
    get: (id) => find('id', id),
    byToken: (tokenDigest) => find('token_digest', tokenDigest),

    async ofPerson(person, nowMs) {
      const rows = await db
        .selectFrom('sessions')
        .selectAll()
        .where('person', '=', person)
        .where('expires_at', '>', nowMs)
        .orderBy('created_at')
        .orderBy('id')
        .execute()
      return rows.map(sessionRow)
    },
  }
}

export function sessionWriter(db: Database): SessionWriter {
  return {
    ...sessionReader(db),

    async insert(row) {
      await db
        .insertInto('sessions')
        .values({
          ...changeable(row),
          id: row.id,
          person: row.person,
          method: row.method,
          created_at: row.createdAtMs,
          expires_at: row.expiresAtMs,
          last_used_at: row.lastUsedAtMs,
          address: row.address,
          user_agent: row.userAgent,
        })
        .execute()
    },

    async update(row) {
      requireUpdated(
        await db.updateTable('sessions').set(changeable(row)).where('id', '=', row.id).executeTakeFirst(),
      )
    },

    async touch(id, lastUsedAtMs) {
      await db.updateTable('sessions').set({ last_used_at: lastUsedAtMs }).where('id', '=', id).execute()
    },

    async remove(person, id) {
      requireDeleted(
        await db.deleteFrom('sessions').where('person', '=', person).where('id', '=', id).executeTakeFirst(),
      )
    },

    async removeAll(person, except) {
      const sessions = db.deleteFrom('sessions').where('person', '=', person)
      await (except === undefined ? sessions : sessions.where('id', '<>', except)).execute()
    },

    async removeDependent(person, means) {
      await db.deleteFrom('sessions').where('person', '=', person).where('depends_on', '=', means).execute()
    },

    async prune(beforeMs) {
      await db.deleteFrom('sessions').where('expires_at', '<', beforeMs).execute()
    },
  }
}
