import type { PortalSessionRow } from '../../store/port/portal/portal-sessions.ts'
import type { Writer } from '../../store/port/store.ts'
import type { OperationContext } from '../access/context.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import { auditedPortalSession, portalSessionTarget } from './audited-portal-session.ts'
import { permittedPortalSession, type PortalSessionName } from './reading.ts'
import { isLive } from './standing.ts'

/**
 * Ends a portal session, or withdraws its link. One that has ended or expired stays as it is.
 *
 * @throws Problem `not_found`, `permission_missing`
 */
export async function endPortalSession(
  context: OperationContext,
  input: PortalSessionName,
): Promise<{ readonly revision: number }> {
  const { revision } = await context.store.write(async (tx) => {
    const before = await permittedPortalSession(context, tx.portalSessions, input, 'consumers.open-portal')
    if (isLive(before, context.nowMs())) await end(tx, context, before)
  })
  return { revision }
}

/** Ends the portal session that acts. */
export async function leavePortal(context: OperationContext, session: PortalSessionRow): Promise<void> {
  await context.store.write(async (tx) => await end(tx, context, session))
}

/** Ends the portal sessions of a consumer, in the transaction that removes it. */
export async function endPortalSessionsOf(
  tx: Writer,
  context: OperationContext,
  { organization, consumer }: Pick<PortalSessionRow, 'organization' | 'consumer'>,
): Promise<void> {
  const live = await tx.portalSessions.liveOfConsumer(organization, consumer, context.nowMs())
  for (const session of live) await end(tx, context, session)
}

async function end(tx: Writer, context: OperationContext, before: PortalSessionRow): Promise<void> {
  const { organization, id } = before
  const endedAtMs = context.nowMs()
  await tx.portalSessions.end(organization, id, endedAtMs)
  tx.audit(
    auditEntry(context, organization, 'portal-sessions.end', portalSessionTarget(before), {
      before: auditedPortalSession(before),
      after: auditedPortalSession({ ...before, state: 'ended', endedAtMs }),
    }),
  )
}
