import type { WebhookEventType } from '@sallyport/core'
import type { WebhookRow } from '../../store/port/webhooks/webhooks.ts'
import type { OperationContext } from '../access/context.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import { requireNone } from '../refusals.ts'
import {
  auditedWebhook,
  permittedWebhook,
  requireReadable,
  urlErrors,
  webhookFacts,
  type WebhookFacts,
} from './webhook-facts.ts'

export interface UpdateWebhookInput {
  readonly organization: string
  /** A webhook's id. */
  readonly webhook: string
  readonly url?: string | undefined
  readonly events?: readonly WebhookEventType[] | undefined
  readonly active?: boolean | undefined
}

export interface UpdatedWebhook {
  readonly webhook: WebhookFacts
  readonly revision: number
}

/**
 * Updates a webhook; omitted fields keep their values. Whatever it sends afterwards, the actor must be able to read. To
 * switch it off takes nothing else than `webhooks.write`.
 *
 * @throws Problem `permission_missing`, `invalid_request` for a URL that must not be called
 */
export async function updateWebhook(
  context: OperationContext,
  { organization, webhook: id, ...input }: UpdateWebhookInput,
): Promise<UpdatedWebhook> {
  const { value, revision } = await context.store.write(async (tx) => {
    const before = await permittedWebhook(context, tx.webhooks, organization, id, 'webhooks.write')
    const after: WebhookRow = {
      ...before,
      url: input.url ?? before.url,
      events: input.events ?? before.events,
      active: input.active ?? before.active,
    }
    if (sendsMore(before, after)) requireReadable(context, organization, after.events)
    if (input.url !== undefined) requireNone(urlErrors(context, input.url))
    await tx.webhooks.update(after)
    tx.audit(
      auditEntry(context, organization, 'webhooks.update', `webhook/${id}`, {
        before: auditedWebhook(before),
        after: auditedWebhook(after),
      }),
    )
    return webhookFacts(after)
  })
  return { webhook: value, revision }
}

/** Whether somebody may learn more after the change than before. */
function sendsMore(before: WebhookRow, after: WebhookRow): boolean {
  const isRevived = after.active && !before.active
  const isElsewhere = after.url !== before.url
  return isRevived || isElsewhere || after.events.some((type) => !before.events.includes(type))
}
