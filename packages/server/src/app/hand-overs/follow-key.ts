import { keyEndsAtMs, secretEndsAtMs } from '@sallyport/core'
import type { HandOverRow } from '../../store/port/keys/hand-overs.ts'
import type { KeyRow } from '../../store/port/keys.ts'
import type { Writer } from '../../store/port/store.ts'
import type { OperationContext } from '../access/context.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import { auditedHandOver } from './audited-hand-over.ts'

/**
 * Withdraws the pending hand-overs of a changed key whose secret has ended, and lets the others end with the key and with
 * the secret at the latest. A link never opens longer than its token could work.
 *
 * @param key after the change, in the transaction of the change
 */
export async function alignHandOvers(tx: Writer, context: OperationContext, key: KeyRow): Promise<void> {
  const nowMs = context.nowMs()
  for (const row of await tx.handOvers.pendingOfKey(key.organization, key.id)) {
    const endsAtMs = lastMsOf(key, row)
    if (endsAtMs <= nowMs) await withdraw(tx, context, row)
    else if (endsAtMs < row.expiresAtMs) await tx.handOvers.shorten(row.organization, row.id, endsAtMs)
  }
}

/** Until when the secret of a hand-over works; in the past if it has ended. */
function lastMsOf(key: KeyRow, { secretSequence }: HandOverRow): number {
  const secret = key.secrets.find(({ sequence }) => sequence === secretSequence)
  if (key.deletedAtMs !== null || secret === undefined) return -Infinity
  return Math.min(keyEndsAtMs(key), secretEndsAtMs(key, secret))
}

/** Withdraws a pending hand-over, which deletes the encrypted token. */
export async function withdraw(tx: Writer, context: OperationContext, before: HandOverRow): Promise<void> {
  const { organization, id } = before
  const end = { state: 'withdrawn', endedAtMs: context.nowMs() } as const
  await tx.handOvers.end(organization, id, end)
  tx.audit(
    auditEntry(context, organization, 'hand-overs.withdraw', `hand-over/${id}`, {
      before: auditedHandOver(before),
      after: auditedHandOver({ ...before, ...end }),
    }),
  )
}
