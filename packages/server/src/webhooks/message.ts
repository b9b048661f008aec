import { Webhook } from 'standardwebhooks'
import type { OrganizationEvent } from '../events/event-of.ts'

/** A request that delivers an event, by the Standard Webhooks specification. */
export interface WebhookMessage {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/**
 * Signs an event.
 *
 * @param id the same for each attempt, so that receivers can recognize a repetition
 * @param happenedAtMs when the event happened
 * @param sentAtMs when this attempt begins
 * @param secrets `whsec_…`; each makes a signature, so that a receiver needs only one of them
 */
export function signedMessage(
  id: string,
  { type, data }: Pick<OrganizationEvent, 'type' | 'data'>,
  happenedAtMs: number,
  sentAtMs: number,
  secrets: readonly string[],
): WebhookMessage {
  const body = JSON.stringify({ type, timestamp: new Date(happenedAtMs).toISOString(), data })
  const sentAt = new Date(sentAtMs)
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'sallyport',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(sentAtMs / 1000)),
      'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, sentAt, body)).join(' '),
    },
  }
}
