import { WEBHOOK_EVENT_TYPES, type WebhookEventType } from './webhook-events.ts'

/** The type of an event that owners of an organization can get by mail. */
export type OwnerMailEvent = Exclude<WebhookEventType, 'key.rotated'>

/**
 * Every type of event that owners can get by mail, in the order of the documents. `key.rotated` is not one: it hands a new
 * secret to a webhook, and `key.rolled` tells of the same roll.
 */
export const OWNER_MAIL_EVENTS = WEBHOOK_EVENT_TYPES.filter(isOwnerMailEvent) as unknown as readonly [
  OwnerMailEvent,
  ...OwnerMailEvent[],
]

/** What the owners of a new organization get by mail: what asks for an action, or changes who may do what. */
export const OWNER_MAILS_DEFAULT: readonly OwnerMailEvent[] = [
  'key.rotation_failed',
  'key.expiring',
  'key.expired',
  'key.old_secret_still_used',
  'key.leaked',
  'policy.changed',
  'probe.alarm',
  'member.added',
  'member.removed',
]

export function isOwnerMailEvent(type: WebhookEventType): type is OwnerMailEvent {
  return type !== 'key.rotated'
}
