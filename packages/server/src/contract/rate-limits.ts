import { z } from 'zod'

const RATE_LIMITS_MAX = 8
const RATE_LIMIT_REQUESTS_MAX = 1_000_000_000

export const rateLimits = z
  .array(
    z.strictObject({
      requests: z.int().min(1).max(RATE_LIMIT_REQUESTS_MAX),
      per: z.enum(['second', 'minute', 'hour', 'day', 'month']),
      by: z.enum(['consumer', 'credential']).default('credential'),
    }),
  )
  .max(RATE_LIMITS_MAX)
  .superRefine((limits, check) => {
    for (const [index, { per, by }] of limits.entries()) {
      // Of two such limits one never counts, and which one was meant cannot be told.
      if (limits.findIndex((other) => other.per === per && other.by === by) < index) {
        check.addIssue({
          code: 'custom',
          path: [index],
          message: `There is a limit per ${per} by ${by} already: keep the one that is meant.`,
        })
      }
    }
  })
