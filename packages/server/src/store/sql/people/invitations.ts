import { requireDeleted } from '../../database/affected-rows.ts'
import type { UniqueConstraints } from '../../database/conflicts.ts'
import { createdPage } from '../../database/created-page.ts'
import { textsFromJson, toJson } from '../../database/json-columns.ts'
import type { Database } from '../../database/schema.ts'
import type { InvitationReader, InvitationRow, InvitationWriter } from '../../port/people/invitations.ts'

declare module '../../database/schema.ts' {
  interface Schema {
    invitations: InvitationsTable
  }
}

interface InvitationsTable {
  organization: string
  id: string
  email: string
  roles_json: string
  token_digest: string
  mailed_digest: string | null
  expires_at: number
  created_at: number
  created_by: string
}

export const INVITATIONS_CONSTRAINTS: UniqueConstraints = {
  invitations_email: {
    table: 'invitations',
    columns: ['organization', 'email'],
    detail: 'This address is invited already. Withdraw that invitation first.',
  },
  invitations_token: {
    table: 'invitations',
    columns: ['token_digest'],
    detail: 'There is an invitation with this token already.',
  },
  invitations_mailed: {
    table: 'invitations',
    columns: ['mailed_digest'],
    detail: 'There is an invitation with this token already.',
  },
}

function invitationRow(row: InvitationsTable): InvitationRow {
  return {
    organization: row.organization,
    id: row.id,
    email: row.email,
    roles: textsFromJson(row.roles_json),
    tokenDigest: row.token_digest,
    mailedDigest: row.mailed_digest,
    expiresAtMs: row.expires_at,
    createdAtMs: row.created_at,
    createdBy: row.created_by,
  }
}

export function invitationReader(db: Database): InvitationReader {
  const all = db.selectFrom('invitations').selectAll()
  const invitations = (organization: string) => all.where('organization', '=', organization)

  return {
    async get(organization, id) {
      const row = await invitations(organization).where('id', '=', id).executeTakeFirst()
      return row && invitationRow(row)
    },

    async byEmail(organization, email) {
      const row = await invitations(organization).where('email', '=', email).executeTakeFirst()
      return row && invitationRow(row)
    },

    async byToken(tokenDigest) {
      const row = await all
        .where((eb) => eb.or([eb('token_digest', '=', tokenDigest), eb('mailed_digest', '=', tokenDigest)]))
        .executeTakeFirst()
      return row && invitationRow(row)
    },

    async list(organization, page) {
      return await createdPage(invitations(organization), page, 'id', (rows) => rows.map(invitationRow))
    },

    async allOpen(organization, nowMs) {
      const rows = await invitations(organization)
        .where('expires_at', '>', nowMs)
        .orderBy('created_at')
        .orderBy('id')
        .execute()
      return rows.map(invitationRow)
    },
  }
}

export function invitationWriter(db: Database): InvitationWriter {
  return {
    ...invitationReader(db),

    async insert(row) {
      await db
        .insertInto('invitations')
        .values({
          organization: row.organization,
          id: row.id,
          email: row.email,
          roles_json: toJson(row.roles),
          token_digest: row.tokenDigest,
          mailed_digest: row.mailedDigest,
          expires_at: row.expiresAtMs,
          created_at: row.createdAtMs,
          created_by: row.createdBy,
        })
        .execute()
    },

    async remove(organization, id) {
      requireDeleted(
        await db
          .deleteFrom('invitations')
          .where('organization', '=', organization)
          .where('id', '=', id)
          .executeTakeFirst(),
      )
    },

    async removeEnded(beforeMs, limit) {
      const ended = await db
        .selectFrom('invitations')
        .selectAll()
        .where('expires_at', '<', beforeMs)
        .orderBy('expires_at')
        .limit(limit)
        .execute()
      const digests = ended.map(({ token_digest }) => token_digest)
      if (digests.length > 0)
        await db.deleteFrom('invitations').where('token_digest', 'in', digests).execute()
      return ended.map(invitationRow)
    },
  }
}
