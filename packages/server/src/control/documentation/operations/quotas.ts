import type { ResourceTexts } from './operation-text.ts'

export const QUOTAS: ResourceTexts = {
  tag: {
    name: 'Quotas',
    description: 'The limits of what an organization has. The operator sets them.',
  },
  operations: {
    getQuotas: {
      description:
        'Answers with the limits of the organization and how much of each is used. `versionBytes` is the size of all versions of its pipelines, in bytes. Deleted keys and ended deployments do not count. The operator sets the limits.',
      permissions: ['organization.read'],
      example: {},
    },
  },
}
