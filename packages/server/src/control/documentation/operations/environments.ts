import type { ResourceTexts } from './operation-text.ts'

const path = { environment: 'staging' }

export const ENVIRONMENTS: ResourceTexts = {
  tag: {
    name: 'Environments',
    description:
      'An environment is a stage such as `test` or `prod`, with its own policy, secrets and consumers.',
  },
  operations: {
    listEnvironments: {
      description: 'Lists the environments in the order of promotion: the first one has `position` 0.',
      permissions: ['organization.read'],
      example: {},
    },
    createEnvironment: {
      description:
        'Creates an environment with its own signing key and a policy that requires nothing yet. Without `position` it comes last in the order of promotion. A name that is taken gets 409 `conflict`.',
      permissions: ['organization.write'],
      example: { body: { name: 'staging', position: 1 } },
    },
    getEnvironment: {
      description: 'Returns an environment with its place in the order of promotion.',
      permissions: ['organization.read'],
      example: { path, after: ['createEnvironment'] },
    },
    updateEnvironment: {
      description:
        'Changes what is in the body. `position` moves the environment in the order of promotion; the others move up or down to make room, so it needs `organization.write` for the whole organization. With `requiresPrevious`, a version can go live here only if it is live in the environment before this one; what is live stays live. `whenStale` says what gateways without a database do with calls once they are cut off.',
      permissions: ['organization.write'],
      example: {
        path,
        body: { position: 0, requiresPrevious: false, whenStale: 'refuse' },
        after: ['createEnvironment'],
      },
    },
    removeEnvironment: {
      description:
        'Removes an environment with its policy, signing keys, trusted issuers, secrets and past deployments. While it has live deployments, consumers or keys, the answer is 409 `conflict`.',
      permissions: ['organization.write'],
      example: { path, after: ['updateEnvironment'] },
    },
  },
}
