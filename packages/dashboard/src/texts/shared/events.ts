const words = {
  'key.created': 'Key created',
  'key.rolled': 'Key rolled',
  'key.rotated': 'Key rolled on its schedule, with the new token',
  'key.rotation_failed': 'Key could not be rolled on its schedule',
  'key.expiring': 'Key expires soon',
  'key.expired': 'Key expired',
  'key.old_secret_still_used': 'Old secret still in use an hour before its end',
  'key.leaked': 'Key found in public',
  'key.deleted': 'Key deleted',
  'external_key.added': 'External key added',
  'external_key.changed': 'External key changed',
  'external_key.removed': 'External key removed',
  'policy.changed': 'Policy changed',
  'deployment.created': 'Pipeline deployed',
  'deployment.refused': 'Deployment refused',
  'deployment.ended': 'Deployment ended',
  'probe.alarm': 'A route that needs a credential lets anonymous callers in',
  'member.added': 'Member added',
  'member.removed': 'Member removed',
} as const

/** The types of events. */
export const events = {
  groups: {
    keys: 'Keys',
    externalKeys: 'External keys',
    policies: 'Policies and deployments',
    organization: 'The organization',
  },
  words,
  withCode: (type: keyof typeof words) => `${words[type]} (${type})`,
}
