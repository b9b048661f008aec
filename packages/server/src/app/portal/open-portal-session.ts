import { Problem, type PortalScope } from '@sallyport/core'
import { tokenDigest } from '../../crypto/digest.ts'
import type { ConsumerRow } from '../../store/port/consumers.ts'
import type { OrganizationRow } from '../../store/port/organizations.ts'
import type { PortalSessionReader, PortalSessionRow } from '../../store/port/portal/portal-sessions.ts'
import type { OperationContext } from '../access/context.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import { newToken } from '../new-token.ts'
import { conflict } from '../refusals.ts'
import { USER_AGENT_CHARS_MAX, type Client } from '../sessions/open-session.ts'
import { auditedPortalSession, portalSessionTarget } from './audited-portal-session.ts'
import { portalState } from './reading.ts'
import { isLive, portalStanding, type PortalRefusal } from './standing.ts'

export interface OpenPortalSessionInput {
  /** The part of the link after `#`. */
  readonly secret: string
  readonly client: Client
}

export interface OpenedPortalSession {
  readonly session: PortalSessionRow
  readonly organization: Pick<OrganizationRow, 'slug' | 'name' | 'color'>
  readonly consumer: ConsumerRow
  /** What the session allows now. */
  readonly scopes: readonly PortalScope[]
  /** What the cookie holds. Only its digest is stored. */
  readonly token: string
}

/**
 * Opens a portal session, once.
 *
 * @throws Problem `link_invalid` for an unknown secret; with `state` and `endedAt` for a link that was opened or has ended;
 *   also if its issuer may no longer open portals. `conflict` while the consumer is switched off, and
 *   `address_not_allowed`; the link still works after these two
 */
export async function openPortalSession(
  context: OperationContext,
  { secret, client }: OpenPortalSessionInput,
): Promise<OpenedPortalSession> {
  const digest = tokenDigest(secret)
  // Before the transaction too: strangers must not keep the writers of the database waiting.
  await requireLink(context.store.read.portalSessions, digest)
  const { value } = await context.store.write(async (tx) => {
    const before = await requireLink(tx.portalSessions, digest)
    const nowMs = context.nowMs()
    if (before.state !== 'pending' || !isLive(before, nowMs)) throw spent(before, nowMs)
    const standing = await portalStanding(tx, before, client.address, nowMs)
    if (typeof standing === 'string') throw refused(standing)
    const { organization: slug, id } = before
    const organization = await tx.organizations.get(slug)
    if (organization === undefined) throw new Error(`the portal session ${id} has no organization`)
    const { token, digest: cookieDigest } = newToken(context.randomBytes)
    const opening = {
      tokenDigest: cookieDigest,
      openedAtMs: nowMs,
      openerAddress: client.address ?? null,
      openerUserAgent: client.userAgent?.slice(0, USER_AGENT_CHARS_MAX) ?? null,
    }
    await tx.portalSessions.open(slug, id, opening)
    const session: PortalSessionRow = { ...before, ...opening, state: 'open' }
    tx.audit(
      auditEntry(context, slug, 'portal-sessions.open', portalSessionTarget(before), {
        before: auditedPortalSession(before),
        after: auditedPortalSession(session),
      }),
    )
    const { consumer, scopes } = standing
    return { session, organization, consumer, scopes, token }
  })
  return value
}

/** The digest is looked up, so that the time of the comparison says nothing about the secret. */
async function requireLink(
  sessions: Pick<PortalSessionReader, 'byLink'>,
  digest: string,
): Promise<PortalSessionRow> {
  const row = await sessions.byLink(digest)
  if (row !== undefined) return row
  throw new Problem('link_invalid', {
    detail: 'There is no such link. Check that you have all of it, or ask for a new one.',
  })
}

/** The refusal of a link that was opened, has expired or was withdrawn. */
function spent(row: PortalSessionRow, nowMs: number): Problem {
  const state = row.openedAtMs === null ? portalState(row, nowMs) : 'opened'
  const endedAtMs = row.openedAtMs ?? row.endedAtMs ?? row.expiresAtMs
  const endedAt = new Date(endedAtMs).toISOString()
  const happened = state === 'opened' ? 'was opened' : state === 'expired' ? 'expired' : 'was withdrawn'
  return new Problem('link_invalid', {
    detail: `The link ${happened} at ${endedAt}. Ask the people who sent it for a new one.`,
    extensions: { state: state === 'ended' ? 'withdrawn' : state, endedAt },
  })
}

function refused(reason: PortalRefusal): Problem {
  switch (reason) {
    case 'consumer_inactive':
      return conflict(
        'The consumer is switched off. The link still works: ask the people who sent it to switch the consumer on, then try again.',
      )
    case 'address_not_allowed':
      return new Problem('address_not_allowed', {
        detail:
          'The key that made the link does not work from your address, so neither does the portal. The link still works: open it from another network, or ask for one without this limit.',
      })
    case 'consumer_removed':
    case 'issuer_lost':
      return new Problem('link_invalid', {
        detail: 'The key or person that made the link may no longer open portals. Ask for a new link.',
      })
  }
}
