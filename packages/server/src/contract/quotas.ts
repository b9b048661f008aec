import { QUOTAS, type Quota } from '@sallyport/core'
import { z } from 'zod'

const COUNTED: Readonly<Record<Quota, string>> = {
  keys: 'Keys that are not deleted.',
  consumers: 'Consumers.',
  pipelines: 'Pipelines.',
  versions: 'Versions of all pipelines.',
  versionBytes: 'The size of these versions as stored, in bytes.',
  deployments: 'Live deployments.',
  routes: 'Routes of live deployments.',
}

const numbers = z.object({
  used: z.int().describe('How much the organization has now.'),
  limit: z.int().describe('A request that would exceed it gets 403 `quota_exceeded`.'),
})

/** What an organization has of what quotas limit, by quota. */
export const quotas = z.object(
  Object.fromEntries(QUOTAS.map((quota) => [quota, numbers.describe(COUNTED[quota])])) as Record<
    (typeof QUOTAS)[number],
    typeof numbers
  >,
)
