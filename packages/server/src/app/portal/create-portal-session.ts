import {
  PORTAL_SECONDS_DEFAULT,
  PORTAL_SESSIONS_PER_CONSUMER_MAX,
  type PortalScope,
  type PortalSeconds,
} from '@sallyport/core'
import type { PortalSessionRow } from '../../store/port/portal/portal-sessions.ts'
import type { OperationContext } from '../access/context.ts'
import { permittedConsumer } from '../access/permitted-consumer.ts'
import { requireGrants } from '../access/roles.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import { newId } from '../new-id.ts'
import { newToken } from '../new-token.ts'
import { conflict } from '../refusals.ts'
import { auditedPortalSession, portalSessionTarget } from './audited-portal-session.ts'

const SECOND_MS = 1000

export interface CreatePortalSessionInput {
  readonly organization: string
  /** A consumer's id. */
  readonly consumer: string
  /** At least one, each once. */
  readonly scopes: readonly PortalScope[]
  /** A URL of `parseReturnUrl`. */
  readonly returnUrl?: string | undefined
  /** Default: an hour. */
  readonly expiresInSeconds?: PortalSeconds | undefined
}

export interface NewPortalSession {
  readonly session: PortalSessionRow
  /** Part of the link. Only its digest is stored. */
  readonly secret: string
}

/**
 * Makes a link with which a consumer's people open a portal session, once. The session ends with the acting key at the
 * latest.
 *
 * @throws Problem `permission_missing` also for a scope whose permission the actor lacks, `not_found`,
 *   `step_up_required` for a person who gives `keys.roll` or `keys.delete`, `conflict` if the consumer has too many sessions
 */
export async function createPortalSession(
  context: OperationContext,
  input: CreatePortalSessionInput,
): Promise<NewPortalSession> {
  const { organization, scopes, returnUrl = null, expiresInSeconds = PORTAL_SECONDS_DEFAULT } = input
  const { value } = await context.store.write(async (tx) => {
    const consumer = await permittedConsumer(
      context,
      tx.consumers,
      organization,
      input.consumer,
      'consumers.open-portal',
    )
    const { id, environment } = consumer
    requireGrants(
      context,
      organization,
      scopes.map((permission) => ({ permission, environment })),
      (permission) =>
        `The scope ${permission} needs the permission ${permission} in ${environment}, which you do not have. You can only give what you have yourself.`,
    )
    const createdAtMs = context.nowMs()
    const live = await tx.portalSessions.liveOfConsumer(organization, id, createdAtMs)
    if (live.length >= PORTAL_SESSIONS_PER_CONSUMER_MAX) {
      throw conflict(
        `A consumer has at most ${PORTAL_SESSIONS_PER_CONSUMER_MAX} portal sessions at a time. End one, or wait until one expires.`,
      )
    }
    const issuerEndsAtMs = context.actor.bounds?.expiresAtMs ?? null
    const { token: secret, digest } = newToken(context.randomBytes)
    const session: PortalSessionRow = {
      organization,
      id: newId('por', context.randomBytes),
      consumer: id,
      environment,
      scopes,
      returnUrl,
      state: 'pending',
      linkDigest: digest,
      tokenDigest: null,
      createdAtMs,
      createdBy: context.actor.id,
      issuerEndsAtMs,
      expiresAtMs: Math.min(issuerEndsAtMs ?? Infinity, createdAtMs + expiresInSeconds * SECOND_MS),
      openedAtMs: null,
      openerAddress: null,
      openerUserAgent: null,
      endedAtMs: null,
    }
    await tx.portalSessions.insert(session)
    tx.audit(
      auditEntry(context, organization, 'portal-sessions.create', portalSessionTarget(session), {
        after: auditedPortalSession(session),
      }),
    )
    return { session, secret }
  })
  return value
}

/** Browsers do not send what follows `#`, so the secret is in no log. */
export function portalLink(publicUrl: string, secret: string): string {
  return `${publicUrl}/portal#${secret}`
}
