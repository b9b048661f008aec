import { createPortalSession, portalLink } from '../../../app/portal/create-portal-session.ts'
import { endPortalSession } from '../../../app/portal/end-portal-session.ts'
import { getPortalSession, listPortalSessions, portalState } from '../../../app/portal/reading.ts'
import {
  portalSession,
  portalSessionCreated,
  portalSessionCreation,
} from '../../../contract/portal/portal-sessions.ts'
import type { PortalSessionRow } from '../../../store/port/portal/portal-sessions.ts'
import { timestampAnswer, timestampAnswerOrNull } from '../../answers/timestamp.ts'
import { type ControlApi, resourceRoutes } from '../../routing/resource-routes.ts'

const all = '/v1/organizations/:organization/portal-sessions'
const one = `${all}/:portalSession` as const

function portalSessionAnswer(row: PortalSessionRow, atMs: number) {
  const state = portalState(row, atMs)
  return {
    id: row.id,
    consumer: row.consumer,
    environment: row.environment,
    scopes: [...row.scopes],
    returnUrl: row.returnUrl,
    state,
    createdAt: timestampAnswer(row.createdAtMs),
    createdBy: row.createdBy,
    expiresAt: timestampAnswer(row.expiresAtMs),
    openedAt: timestampAnswerOrNull(row.openedAtMs),
    endedAt: timestampAnswerOrNull(row.endedAtMs ?? (state === 'expired' ? row.expiresAtMs : null)),
    address: row.openerAddress,
    userAgent: row.openerUserAgent,
  }
}

/** Portal sessions, as the organization makes and ends them. */
export function portalSessionRoutes(api: ControlApi): void {
  const routes = resourceRoutes(api, 'Portal')

  routes.create(
    {
      path: '/v1/organizations/:organization/consumers/:consumer/portal-sessions',
      operationId: 'createPortalSession',
      access: { permission: 'consumers.open-portal', on: 'consumer' },
      summary: 'Make a link to the portal of a consumer',
      body: portalSessionCreation,
      answer: portalSessionCreated,
    },
    createPortalSession,
    ({ result: { session, secret } }) => ({
      id: session.id,
      link: portalLink(api.deps.publicUrl(), secret),
      expiresAt: timestampAnswer(session.expiresAtMs),
    }),
  )

  routes.list(
    {
      path: all,
      operationId: 'listPortalSessions',
      summary: 'List the portal sessions',
      item: portalSession,
    },
    listPortalSessions,
    portalSessionAnswer,
  )

  routes.read(
    {
      path: one,
      operationId: 'getPortalSession',
      summary: 'Read a portal session',
      observed: ['state', 'endedAt'],
      answer: portalSession,
    },
    getPortalSession,
    portalSessionAnswer,
  )

  routes.remove(
    {
      path: one,
      operationId: 'endPortalSession',
      access: { permission: 'consumers.open-portal', on: 'portalSession' },
      summary: 'End a portal session, or withdraw its link',
    },
    endPortalSession,
  )
}
