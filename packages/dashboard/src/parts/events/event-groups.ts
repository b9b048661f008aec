import type { Webhook } from '@sallyport/sdk'

export type EventType = Webhook['events'][number]
type Group = 'keys' | 'externalKeys' | 'policies' | 'organization'

const GROUP_OF: Readonly<Record<EventType, Group>> = {
  'key.created': 'keys',
  'key.rolled': 'keys',
  'key.rotated': 'keys',
  'key.rotation_failed': 'keys',
  'key.expiring': 'keys',
  'key.expired': 'keys',
  'key.old_secret_still_used': 'keys',
  'key.leaked': 'keys',
  'key.deleted': 'keys',
  'external_key.added': 'externalKeys',
  'external_key.changed': 'externalKeys',
  'external_key.removed': 'externalKeys',
  'policy.changed': 'policies',
  'deployment.created': 'policies',
  'deployment.refused': 'policies',
  'deployment.ended': 'policies',
  'probe.alarm': 'policies',
  'member.added': 'organization',
  'member.removed': 'organization',
}

/** Every type of event. */
export const EVENT_TYPES = Object.keys(GROUP_OF) as EventType[]

/** Every type of event, by what it is about. */
export const EVENT_GROUPS = (['keys', 'externalKeys', 'policies', 'organization'] as const).map((name) => ({
  name,
  types: EVENT_TYPES.filter((type) => GROUP_OF[type] === name),
}))
