import type { AuditAction } from '../store/port/audit/audit-actions.ts'
import type { Writer } from '../store/port/store.ts'

const DAY_MS = 86_400_000
/** How long a portal session is kept after its expiry, in ms. */
const PORTAL_SESSION_KEPT_MS = 30 * DAY_MS
/** The most portal sessions that are removed at a time: their transaction keeps other writers waiting. */
const REMOVED_MAX = 100

/** Removes portal sessions that expired long ago, of all organizations, and records it in the audit log of each. */
export async function removeOldPortalSessions(
  tx: Pick<Writer, 'portalSessions' | 'audit'>,
  nowMs: number,
): Promise<void> {
  for (const session of await tx.portalSessions.removeExpired(nowMs - PORTAL_SESSION_KEPT_MS, REMOVED_MAX)) {
    const { organization, id, consumer, scopes, state, expiresAtMs } = session
    tx.audit({
      organization,
      atMs: nowMs,
      actor: 'housekeeping',
      action: 'portal-sessions.remove' satisfies AuditAction,
      target: `portal-session/${id}`,
      before: { id, consumer, scopes, state, expiresAtMs },
      after: null,
    })
  }
}
