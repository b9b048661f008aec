import type { ResourceTexts } from './operation-text.ts'

export const POLICIES: ResourceTexts = {
  tag: {
    name: 'Policies',
    description: 'A policy sets the authentication that every deployment in an environment must require.',
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
  },
}
