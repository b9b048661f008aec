import type { OperationTexts } from './operation-text.ts'

export const QUOTAS: OperationTexts = {
  getQuotas: {
    description:
      'Answers with the limits of the organization and how much of each is used. `versionBytes` is the size of all versions of its pipelines, in bytes. Deleted keys and ended deployments do not count. The operator sets the limits.',
    permissions: ['organization.read'],
    example: {},
  },
}
