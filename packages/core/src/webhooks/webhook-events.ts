import type { Permission } from '../access/permissions.ts'

/**
 * The types of events that webhooks are sent for, each with the permission that reads what the event tells. An actor
 * that has events sent must have it everywhere in the organization.
 */
export const WEBHOOK_EVENTS = {
  'key.created': 'keys.read',
  'key.rolled': 'keys.read',
  'key.rotated': 'keys.roll',
  'key.rotation_failed': 'keys.read',
  'key.expiring': 'keys.read',
  'key.expired': 'keys.read',
  'key.old_secret_still_used': 'keys.read',
  'key.leaked': 'keys.read',
  'key.deleted': 'keys.read',
  'external_key.added': 'external-keys.read',
  'external_key.changed': 'external-keys.read',
  'external_key.removed': 'external-keys.read',
  'policy.changed': 'policies.read',
  'deployment.created': 'pipelines.read',
  'deployment.refused': 'pipelines.read',
  'deployment.ended': 'pipelines.read',
  'probe.alarm': 'pipelines.read',
  'member.added': 'members.read',
  'member.removed': 'members.read',
} as const satisfies Readonly<Record<string, Permission>>

/** The type of an event, such as `key.created`. */
export type WebhookEventType = keyof typeof WEBHOOK_EVENTS

/** Every type of event, in the order of the documents. */
export const WEBHOOK_EVENT_TYPES = Object.keys(WEBHOOK_EVENTS) as readonly WebhookEventType[] as readonly [
  WebhookEventType,
  ...WebhookEventType[],
]

/** The type of the event that an audit record with this action can be. */
export const WEBHOOK_EVENT_OF_ACTION = {
  'keys.create': 'key.created',
  'keys.roll': 'key.rolled',
  'keys.rotate': 'key.rotated',
  'keys.rotation.fail': 'key.rotation_failed',
  'keys.expiring': 'key.expiring',
  'keys.expired': 'key.expired',
  'keys.old-secret-used': 'key.old_secret_still_used',
  'keys.leak': 'key.leaked',
  'keys.delete': 'key.deleted',
  'external-keys.add': 'external_key.added',
  'external-keys.update': 'external_key.changed',
  'external-keys.allow': 'external_key.changed',
  'external-keys.forbid': 'external_key.changed',
  'external-keys.remove': 'external_key.removed',
  'policies.save': 'policy.changed',
  'policies.save-key-age': 'policy.changed',
  'pipelines.deploy': 'deployment.created',
  'pipelines.promote': 'deployment.created',
  'pipelines.rollback': 'deployment.created',
  'pipelines.redeploy': 'deployment.created',
  'pipelines.undeploy': 'deployment.ended',
  'deployments.refused': 'deployment.refused',
  'deployments.alarm': 'probe.alarm',
  'members.add': 'member.added',
  'members.remove': 'member.removed',
} as const satisfies Readonly<Record<string, WebhookEventType>>

/** The action of an audit record that can be an event. */
export type WebhookAction = keyof typeof WEBHOOK_EVENT_OF_ACTION

export function isWebhookAction(action: string): action is WebhookAction {
  return Object.hasOwn(WEBHOOK_EVENT_OF_ACTION, action)
}

export const WEBHOOK_URL_CHARS_MAX = 2048
/** For how long an event is tried after it happened, or was replayed, in ms: three days. */
export const WEBHOOK_RETRIED_MS = 3 * 24 * 60 * 60 * 1000
