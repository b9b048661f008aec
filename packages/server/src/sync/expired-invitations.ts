import type { AuditAction } from '../store/port/audit/audit-actions.ts'
import type { Writer } from '../store/port/store.ts'

const DAY_MS = 86_400_000
/** How long an expired invitation is kept, in ms, so that its link can say that it has expired. */
const KEPT_MS = 30 * DAY_MS
/** The most invitations that are removed at a time: their transaction keeps other writers waiting. */
const REMOVED_MAX = 100

/** Removes invitations that expired long ago, of all organizations, and records it in the audit log of each. */
export async function removeExpiredInvitations(
  tx: Pick<Writer, 'invitations' | 'audit'>,
  nowMs: number,
): Promise<void> {
  for (const invitation of await tx.invitations.removeEnded(nowMs - KEPT_MS, REMOVED_MAX)) {
    const { organization, id, email, roles, expiresAtMs } = invitation
    tx.audit({
      organization,
      atMs: nowMs,
      actor: 'housekeeping',
      action: 'invitations.expire' satisfies AuditAction,
      target: `invitation/${id}`,
      before: { id, email, roles, expiresAtMs },
      after: null,
    })
  }
}
