import type { PortalScope } from '@sallyport/core'
import { requireUpdated } from '../../database/affected-rows.ts'
import { createdPage } from '../../database/created-page.ts'
import { textsFromJson, toJson } from '../../database/json-columns.ts'
import type { Database } from '../../database/schema.ts'
import type {
  PortalSessionReader,
  PortalSessionRow,
  PortalSessionState,
  PortalSessionWriter,
} from '../../port/portal/portal-sessions.ts'

declare module '../../database/schema.ts' {
  interface Schema {
    portal_sessions: PortalSessionsTable
  }
}

interface PortalSessionsTable {
  organization: string
  id: string
  consumer_id: string
  environment: string
  scopes_json: string
  return_url: string | null
  state: string
  link_digest: string
  token_digest: string | null
  created_at: number
  created_by: string
  issuer_ends_at: number | null
  expires_at: number
  opened_at: number | null
  opener_address: string | null
  opener_user_agent: string | null
  ended_at: number | null
}

function portalSessionRow(row: PortalSessionsTable): PortalSessionRow {
  return {
    organization: row.organization,
    id: row.id,
    consumer: row.consumer_id,
    environment: row.environment,
    scopes: textsFromJson(row.scopes_json) as readonly PortalScope[],
    returnUrl: row.return_url,
    state: row.state as PortalSessionState,
    linkDigest: row.link_digest,
    tokenDigest: row.token_digest,
    createdAtMs: row.created_at,
    createdBy: row.created_by,
    issuerEndsAtMs: row.issuer_ends_at,
    expiresAtMs: row.expires_at,
    openedAtMs: row.opened_at,
    openerAddress: row.opener_address,
    openerUserAgent: row.opener_user_agent,
    endedAtMs: row.ended_at,
  }
}

export function portalSessionReader(db: Database): PortalSessionReader {
  const all = db.selectFrom('portal_sessions').selectAll()
  const sessions = (organization: string) => all.where('organization', '=', organization)

  return {
    async get(organization, id) {
      const row = await sessions(organization).where('id', '=', id).executeTakeFirst()
      return row && portalSessionRow(row)
    },

    async byLink(linkDigest) {
      const row = await all.where('link_digest', '=', linkDigest).executeTakeFirst()
      return row && portalSessionRow(row)
    },

    async byToken(tokenDigest) {
      const row = await all
        .where('token_digest', '=', tokenDigest)
        .where('state', '=', 'open')
        .executeTakeFirst()
      return row && portalSessionRow(row)
    },

    async list(organization, page) {
      return await createdPage(sessions(organization), page, 'id', (rows) => rows.map(portalSessionRow), {
        environment: 'environment',
      })
    },

    async liveOfConsumer(organization, consumer, nowMs) {
      const rows = await sessions(organization)
        .where('consumer_id', '=', consumer)
        .where('state', '!=', 'ended')
        .where('expires_at', '>', nowMs)
        .orderBy('created_at')
        .orderBy('id')
        .execute()
      return rows.map(portalSessionRow)
    },
  }
}

export function portalSessionWriter(db: Database): PortalSessionWriter {
  const update = (organization: string, id: string) =>
    db.updateTable('portal_sessions').where('organization', '=', organization).where('id', '=', id)

  return {
    ...portalSessionReader(db),

    async insert(row) {
      await db
        .insertInto('portal_sessions')
        .values({
          organization: row.organization,
          id: row.id,
          consumer_id: row.consumer,
          environment: row.environment,
          scopes_json: toJson(row.scopes),
          return_url: row.returnUrl,
          state: row.state,
          link_digest: row.linkDigest,
          token_digest: row.tokenDigest,
          created_at: row.createdAtMs,
          created_by: row.createdBy,
          issuer_ends_at: row.issuerEndsAtMs,
          expires_at: row.expiresAtMs,
          opened_at: row.openedAtMs,
          opener_address: row.openerAddress,
          opener_user_agent: row.openerUserAgent,
          ended_at: row.endedAtMs,
        })
        .execute()
    },

    async open(organization, id, { tokenDigest, openedAtMs, openerAddress, openerUserAgent }) {
      requireUpdated(
        await update(organization, id)
          .where('state', '=', 'pending')
          .set({
            state: 'open',
            token_digest: tokenDigest,
            opened_at: openedAtMs,
            opener_address: openerAddress,
            opener_user_agent: openerUserAgent,
          })
          .executeTakeFirst(),
      )
    },

    async end(organization, id, endedAtMs) {
      requireUpdated(
        await update(organization, id)
          .where('state', '!=', 'ended')
          .set({ state: 'ended', token_digest: null, ended_at: endedAtMs })
          .executeTakeFirst(),
      )
    },

    async removeExpired(beforeMs, limit) {
      const expired = await db
        .selectFrom('portal_sessions')
        .selectAll()
        .where('expires_at', '<', beforeMs)
        .orderBy('expires_at')
        .orderBy('id')
        .limit(limit)
        .execute()
      // Ids are unique over all organizations.
      const ids = expired.map(({ id }) => id)
      if (ids.length > 0) await db.deleteFrom('portal_sessions').where('id', 'in', ids).execute()
      return expired.map(portalSessionRow)
    },
  }
}
