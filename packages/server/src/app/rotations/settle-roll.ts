import { GRACE_SECONDS_DEFAULT, planGrace, planUndo } from '@sallyport/core'
import type { KeyRow } from '../../store/port/keys.ts'
import type { PendingRotation, RotationRow } from '../../store/port/keys/rotations.ts'
import type { Writer } from '../../store/port/store.ts'
import type { DeliveryAttempt } from '../../store/port/webhooks/deliveries.ts'
import type { OperationContext } from '../access/context.ts'
import { auditedKey, auditEntry } from '../audit/audit-entry.ts'
import { removeSecret, saveSecrets } from '../keys/roll-key.ts'
import { isDelivering } from './rotation-facts.ts'

/**
 * How long after the end of a delivery the roll is undone, in ms: longer than an attempt takes that began just before, and
 * than clocks of processes differ. A token that arrived is thus never ended.
 */
const SETTLED_AFTER_MS = 60_000

/** When it is certain at the latest whether a token has arrived, in ms since 1970. A link that has expired cannot be opened. */
export function decidedByMs({ untilMs, handOver }: PendingRotation): number {
  return handOver === null ? untilMs + SETTLED_AFTER_MS : untilMs
}

/** What became of the new secret of a scheduled roll. */
export type Outcome = 'waiting' | 'arrived' | 'lost' | 'ended-by-others'

/**
 * Ends a scheduled roll if its outcome is known. When the token has arrived, the grace of the old secret begins. When it can
 * no longer arrive, the new secret ends and the old one stays.
 */
export async function settleRoll(
  tx: Writer,
  context: OperationContext,
  row: RotationRow,
  pending: PendingRotation,
  key: KeyRow,
): Promise<Outcome> {
  const nowMs = context.nowMs()
  if (!isDelivering(row, key, nowMs)) {
    // Also deletes what waits for the webhook.
    const rotation = { webhook: row.webhook, secretSequence: pending.secretSequence }
    tx.audit(
      auditEntry(context, row.organization, 'keys.rotation.withdraw', `key/${key.id}`, {
        before: { rotation },
      }),
    )
    return 'ended-by-others'
  }
  const outcome = await outcomeOf(tx, row, pending, key, nowMs)
  if (outcome === 'arrived') await beginGrace(tx, context, key)
  // After a finish by hand there is no old secret to return to.
  if (outcome === 'lost' && planUndo(key, nowMs).ok) await removeSecret(tx, context, key, 'undo')
  return outcome
}

async function outcomeOf(
  tx: Writer,
  { organization, webhook }: RotationRow,
  pending: PendingRotation,
  key: KeyRow,
  nowMs: number,
): Promise<'waiting' | 'arrived' | 'lost'> {
  const { secretSequence, handOver, subject } = pending
  const secret = key.secrets.find(({ sequence }) => sequence === secretSequence)
  // A receiver can have the token although no answer of it came back.
  if (secret !== undefined && secret.lastUsedAtMs !== null) return 'arrived'
  if (handOver === null) {
    const delivery = await tx.deliveries.newestOfSubject(organization, webhook, subject)
    // A delivery that is replayed is pending again.
    if (delivery?.attempts.some(isAccepted) === true) return 'arrived'
    return nowMs >= decidedByMs(pending) ? 'lost' : 'waiting'
  }
  const state = (await tx.handOvers.get(organization, handOver))?.state
  if (state === 'opened') return 'arrived'
  return state !== 'pending' || nowMs >= decidedByMs(pending) ? 'lost' : 'waiting'
}

function isAccepted({ status }: DeliveryAttempt): boolean {
  return status !== null && status >= 200 && status < 300
}

async function beginGrace(tx: Writer, context: OperationContext, before: KeyRow): Promise<void> {
  const plan = planGrace(before, GRACE_SECONDS_DEFAULT, context.nowMs())
  const after: KeyRow = plan === undefined ? before : { ...before, secrets: plan.secrets }
  if (plan !== undefined) await saveSecrets(tx, context, after)
  tx.audit(
    auditEntry(context, before.organization, 'keys.rotation.deliver', `key/${before.id}`, {
      before: auditedKey(before),
      after: auditedKey(after),
    }),
  )
}
