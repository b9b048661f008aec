import { QUOTAS } from '@sallyport/core'
import { z } from 'zod'

const numbers = z.object({
  used: z.int(),
  limit: z.int().describe('A request that would exceed it gets 403 `quota_exceeded`.'),
})

/** What an organization has of what quotas limit, by quota. */
export const quotas = z.object(
  Object.fromEntries(QUOTAS.map((quota) => [quota, numbers])) as Record<
    (typeof QUOTAS)[number],
    typeof numbers
  >,
)
