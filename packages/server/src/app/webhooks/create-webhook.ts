import type { WebhookEventType } from '@sallyport/core'
import type { WebhookRow } from '../../store/port/webhooks/webhooks.ts'
import type { OperationContext } from '../access/context.ts'
import { requirePermission } from '../access/permission-checks.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import { newId } from '../new-id.ts'
import { conflict, requireNone } from '../refusals.ts'
import {
  auditedWebhook,
  newSecret,
  requireReadable,
  urlErrors,
  webhookFacts,
  type WebhookWithSecret,
} from './webhook-facts.ts'

const WEBHOOKS_PER_ORGANIZATION_MAX = 20

export interface CreateWebhookInput {
  readonly organization: string
  readonly url: string
  /** At least one, each once. */
  readonly events: readonly WebhookEventType[]
}

/**
 * Has the events of an organization sent to a URL from now on.
 *
 * @throws Problem `permission_missing` also for an actor that may not read what an event tells everywhere in the
 *   organization, or whose own key ends or is limited; `invalid_request` for a URL that must not be called; `conflict` if the
 *   organization has too many webhooks
 */
export async function createWebhook(
  context: OperationContext,
  { organization, url, events }: CreateWebhookInput,
): Promise<WebhookWithSecret> {
  const { value } = await context.store.write(async (tx) => {
    requirePermission(context, organization, 'webhooks.write')
    requireReadable(context, organization, events)
    requireNone(urlErrors(context, url))
    if ((await tx.webhooks.countOfOrganization(organization)) >= WEBHOOKS_PER_ORGANIZATION_MAX) {
      throw conflict(
        `An organization has at most ${WEBHOOKS_PER_ORGANIZATION_MAX} webhooks. Remove one that is no longer needed.`,
      )
    }
    const id = newId('whk', context.randomBytes)
    const { secret, sealed } = newSecret(context, { organization, id })
    const row: WebhookRow = {
      organization,
      id,
      url,
      events,
      active: true,
      sealedSecret: sealed,
      sealedPreviousSecret: null,
      previousSecretEndsAtMs: null,
      createdAtMs: context.nowMs(),
      createdBy: context.actor.id,
    }
    await tx.webhooks.insert(row)
    const after = auditedWebhook(row)
    tx.audit(auditEntry(context, organization, 'webhooks.create', `webhook/${id}`, { after }))
    return { webhook: webhookFacts(row), secret }
  })
  return value
}
