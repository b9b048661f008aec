import type { ResourceTexts } from './operation-text.ts'

export const GATEWAYS: ResourceTexts = {
  tag: {
    name: 'Watching',
    description: 'Health checks for load balancers and monitoring, without authentication.',
  },
  operations: {
    listGateways: {
      description:
        'Lists all gateways of the installation with the revision that each has applied. A gateway that is stale may not have applied the newest changes; it refuses requests when it has lost its lease.',
      permissions: ['gateways.read'],
      example: {},
    },
  },
}
