import type { Page, PageRequest } from '../../store/port/pages/paging.ts'
import type { DeliveryRow } from '../../store/port/webhooks/deliveries.ts'
import type { OperationContext } from '../access/context.ts'
import { requirePermission } from '../access/permission-checks.ts'
import { permittedWebhook, webhookFacts, type WebhookFacts } from './webhook-facts.ts'

export interface GetWebhookInput {
  readonly organization: string
  /** A webhook's id. */
  readonly webhook: string
}

export async function getWebhook(
  context: OperationContext,
  { organization, webhook }: GetWebhookInput,
): Promise<WebhookFacts> {
  const { webhooks } = context.store.read
  return webhookFacts(await permittedWebhook(context, webhooks, organization, webhook, 'webhooks.read'))
}

export interface ListWebhooksInput extends PageRequest {
  readonly organization: string
}

/** Lists the webhooks, oldest first. */
export async function listWebhooks(
  context: OperationContext,
  { organization, ...page }: ListWebhooksInput,
): Promise<Page<WebhookFacts>> {
  requirePermission(context, organization, 'webhooks.read')
  const { items, next } = await context.store.read.webhooks.list(organization, page)
  return { items: items.map(webhookFacts), next }
}

/** Lists the deliveries of a webhook, those of the newest events first. */
export async function listDeliveries(
  context: OperationContext,
  { organization, webhook, ...page }: GetWebhookInput & PageRequest,
): Promise<Page<DeliveryRow>> {
  const { webhooks, deliveries } = context.store.read
  await permittedWebhook(context, webhooks, organization, webhook, 'webhooks.read')
  return await deliveries.list(organization, webhook, page)
}
