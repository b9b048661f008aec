import { RATE_LIMIT_REQUESTS_MAX, RATE_LIMITS_MAX, type RateLimit } from '@sallyport/core'
import { z } from 'zod'

const limits = z
  .array(
    z.strictObject({
      requests: z.int().min(1).max(RATE_LIMIT_REQUESTS_MAX),
      per: z.enum(['second', 'minute', 'hour', 'day', 'month']),
      by: z.enum(['consumer', 'credential']).default('credential'),
    }),
  )
  .max(RATE_LIMITS_MAX)

/** The limits of a trigger. */
export const rateLimits = limits.superRefine((list, check) => {
  for (const index of twins(list, ({ per, by }) => `${per} by ${by}`)) {
    const message =
      'There is a limit for this window and way of counting already: keep the one that is meant.'
    check.addIssue({ code: 'custom', path: [index], message })
  }
})

/** The limits of a key. They count the key, so `by` changes nothing. */
export const keyRateLimits = limits.superRefine((list, check) => {
  for (const index of twins(list, ({ per }) => per)) {
    const message = 'There is a limit for this window already: keep the one that is meant.'
    check.addIssue({ code: 'custom', path: [index], message })
  }
})

/** Where a limit stands that counts the same as one before it: one of the two never counts. */
function twins(list: readonly RateLimit[], counterOf: (limit: RateLimit) => string): number[] {
  const seen = new Set<string>()
  return list.flatMap((limit, index) => {
    const counter = counterOf(limit)
    if (seen.has(counter)) return [index]
    seen.add(counter)
    return []
  })
}
