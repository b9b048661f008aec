import type { OperationContext } from '../access/context.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import { settleRollsOf } from '../rotations/run-rotations.ts'
import { auditedWebhook, permittedWebhook } from './webhook-facts.ts'

export interface RemoveWebhookInput {
  readonly organization: string
  /** A webhook's id. */
  readonly webhook: string
}

/** Removes a webhook with its deliveries. An attempt that is being made may still arrive. */
export async function removeWebhook(
  context: OperationContext,
  { organization, webhook: id }: RemoveWebhookInput,
): Promise<{ readonly revision: number }> {
  const { revision } = await context.store.write(async (tx) => {
    const row = await permittedWebhook(context, tx.webhooks, organization, id, 'webhooks.write')
    await settleRollsOf(tx, context, organization, id)
    await tx.webhooks.remove(organization, id)
    const before = auditedWebhook(row)
    tx.audit(auditEntry(context, organization, 'webhooks.remove', `webhook/${id}`, { before }))
  })
  return { revision }
}
