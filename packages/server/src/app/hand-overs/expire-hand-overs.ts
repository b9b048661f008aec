import type { AuditAction } from '../../store/port/audit/audit-actions.ts'
import type { Store } from '../../store/port/store.ts'
import type { NoticeContext } from '../notices/notify.ts'
import { auditedHandOver } from './audited-hand-over.ts'
import { creatorNotice, notifyCreator, type CreatorNotice } from './creator-notice.ts'

/** The most hand-overs that expire in one transaction, which keeps other writers waiting. */
const EXPIRED_MAX = 100

/**
 * Records the hand-overs that have expired since the last call, of all organizations, and deletes their encrypted tokens.
 * Each is recorded once, also by several processes on one database, and its creator is told by mail.
 */
export async function expireHandOvers(
  context: NoticeContext & { readonly store: Pick<Store, 'write'> },
): Promise<void> {
  let expired: number
  do {
    const { value } = await context.store.write(async (tx) => {
      const atMs = context.nowMs()
      const rows = await tx.handOvers.endExpired(atMs, EXPIRED_MAX)
      const told: (CreatorNotice | undefined)[] = []
      for (const row of rows) {
        tx.audit({
          organization: row.organization,
          atMs,
          actor: 'housekeeping',
          action: 'hand-overs.expire' satisfies AuditAction,
          target: `hand-over/${row.id}`,
          before: auditedHandOver({ ...row, state: 'pending', endedAtMs: null }),
          after: auditedHandOver(row),
        })
        told.push(await creatorNotice(tx, context, row, { about: 'hand-over-expired' }))
      }
      return { count: rows.length, told }
    })
    for (const one of value.told) notifyCreator(context, one)
    expired = value.count
  } while (expired === EXPIRED_MAX)
}
