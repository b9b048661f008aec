import { WEBHOOK_RETRIED_MS } from '@sallyport/core'
import type { DeliveryRow } from '../../store/port/webhooks/deliveries.ts'
import type { OperationContext } from '../access/context.ts'
import { notFound } from '../access/permission-checks.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import { permittedWebhook } from './webhook-facts.ts'

export interface ReplayDeliveryInput {
  readonly organization: string
  /** A webhook's id. */
  readonly webhook: string
  /** A delivery's id. */
  readonly delivery: string
}

/** Delivers an event again, whether or not it was delivered, and retries it as if it happened now. */
export async function replayDelivery(
  context: OperationContext,
  { organization, webhook, delivery: id }: ReplayDeliveryInput,
): Promise<DeliveryRow> {
  const { value } = await context.store.write(async (tx) => {
    await permittedWebhook(context, tx.webhooks, organization, webhook, 'webhooks.write')
    const before = await tx.deliveries.get(organization, webhook, id)
    if (before === undefined) throw notFound(`delivery "${id}"`)
    const nowMs = context.nowMs()
    const after: DeliveryRow = {
      ...before,
      state: 'pending',
      failures: 0,
      nextAttemptAtMs: nowMs,
      givesUpAtMs: nowMs + WEBHOOK_RETRIED_MS,
      endedAtMs: null,
    }
    await tx.deliveries.replay(after)
    tx.audit(
      auditEntry(context, organization, 'webhooks.replay', `webhook/${webhook}`, {
        after: { delivery: id, type: before.type },
      }),
    )
    return after
  })
  return value
}
