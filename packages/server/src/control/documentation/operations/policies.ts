import type { ResourceTexts } from './operation-text.ts'

export const POLICIES: ResourceTexts = {
  tag: {
    name: 'Policies',
    description:
      'A policy sets the authentication that every deployment in an environment must require, or how old the secrets of keys may become.',
  },
  operations: {
    getPolicy: {
      description:
        'Answers with the authentication that every deployment in the environment must require, and with the number of live deployments that conform. `mode` is `any`, `api-key`, `jwt` or `jwt-and-api-key`.',
      permissions: ['policies.read'],
      example: {},
    },
    setPolicy: {
      description:
        'Sets the authentication that every deployment in the environment must require. `affected` lists the live deployments that do not conform. They go on serving, because only the next deployment has to meet the policy. With `dryRun` the answer is the same and nothing changes.',
      permissions: ['policies.write'],
      example: { body: { mode: 'api-key' } },
    },
    listPolicyVersions: {
      description: 'Lists every version of the policy with its author and its time, newest first.',
      permissions: ['policies.read'],
      example: { after: ['setPolicy'] },
    },
    getConformity: {
      description:
        'Lists the live deployments of the environment and whether each conforms to the current policy. Each violation says what is required, what was found and how to fix it.',
      permissions: ['policies.read'],
      example: { after: ['promote'] },
    },
    getKeyAge: {
      description:
        'Answers with the policy about the age of the keys of an environment. As long as it was never set, it has no reminder and no maximum, and `version` is 0.',
      permissions: ['policies.read'],
      example: {},
    },
    setKeyAge: {
      description:
        'Sets after how many days a secret of a key of the environment should be rolled, and for how many days it works. Gateways follow a new maximum at once: they refuse a secret that is older. `affected` lists the keys that it ends earlier than before, if you may read keys. With `dryRun` the answer is the same and nothing changes.',
      permissions: ['policies.write'],
      example: { body: { rotationReminderDays: 90, maxLifetimeDays: 365 } },
    },
    getOrganizationKeyAge: {
      description: 'Answers with the same policy for the keys of the organization that have no environment.',
      permissions: ['policies.read'],
      example: {},
    },
    setOrganizationKeyAge: {
      description:
        'Sets the same policy for the keys of the organization that have no environment. A maximum that would end every key with the role `owner` at once gets 409 `conflict` if no member is an owner.',
      permissions: ['policies.write'],
      example: { body: { rotationReminderDays: 180, maxLifetimeDays: 730, dryRun: true } },
    },
  },
}
