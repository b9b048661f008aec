import { GRACE_SECONDS_DEFAULT, type GraceSeconds } from '@sallyport/core'
import type { WebhookRow } from '../../store/port/webhooks/webhooks.ts'
import type { OperationContext } from '../access/context.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import { conflict } from '../refusals.ts'
import {
  auditedWebhook,
  newSecret,
  permittedWebhook,
  webhookFacts,
  type WebhookWithSecret,
} from './webhook-facts.ts'

export interface RotateWebhookInput {
  readonly organization: string
  /** A webhook's id. */
  readonly webhook: string
  /** How long the previous secret signs too. Default: 12 hours. */
  readonly graceSeconds?: GraceSeconds | undefined
}

/**
 * Gives a webhook a new secret. Until the grace is over, each message has a signature by the new and one by the previous
 * secret.
 *
 * @throws Problem `conflict` while two secrets sign, unless the grace is 0, which ends both
 */
export async function rotateWebhook(
  context: OperationContext,
  input: RotateWebhookInput,
): Promise<WebhookWithSecret> {
  const { organization, webhook: id, graceSeconds = GRACE_SECONDS_DEFAULT } = input
  const { value } = await context.store.write(async (tx) => {
    const before = await permittedWebhook(context, tx.webhooks, organization, id, 'webhooks.write')
    const nowMs = context.nowMs()
    const isRotating = nowMs < (before.previousSecretEndsAtMs ?? -Infinity)
    if (isRotating && graceSeconds > 0) {
      throw conflict(
        'Two secrets sign already. Wait for previousSecretEndsAt, or rotate with graceSeconds: 0, which ends both.',
      )
    }
    const { secret, sealed } = newSecret(context, before)
    const previous =
      graceSeconds === 0
        ? { sealedPreviousSecret: null, previousSecretEndsAtMs: null }
        : { sealedPreviousSecret: before.sealedSecret, previousSecretEndsAtMs: nowMs + graceSeconds * 1000 }
    const after: WebhookRow = { ...before, ...previous, sealedSecret: sealed }
    await tx.webhooks.update(after)
    tx.audit(
      auditEntry(context, organization, 'webhooks.rotate', `webhook/${id}`, {
        before: auditedWebhook(before),
        after: auditedWebhook(after),
      }),
    )
    return { webhook: webhookFacts(after), secret }
  })
  return value
}
