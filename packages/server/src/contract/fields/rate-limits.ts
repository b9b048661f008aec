import {
  parseKeyRateLimits,
  parseTriggerRateLimits,
  RATE_LIMIT_REQUESTS_MAX,
  RATE_LIMITS_MAX,
  type ParsedRateLimits,
  type RateLimit,
} from '@sallyport/core'
import { z } from 'zod'

const LIMIT_FIELDS = {
  requests: 'The most requests in one burst; they refill evenly over `per`.',
  per: 'The time in which `requests` refill; a month has 30 days.',
  by: 'What a limit of a trigger counts: each consumer, or each credential. A limit of a key counts the key.',
} as const

/** A rate limit in a response. */
export const rateLimit = z.object({
  requests: z.int().describe(LIMIT_FIELDS.requests),
  per: z.string().describe(LIMIT_FIELDS.per),
  by: z.string().describe(LIMIT_FIELDS.by),
})

const limits = z
  .array(
    z.strictObject({
      requests: z.int().min(1).max(RATE_LIMIT_REQUESTS_MAX).describe(LIMIT_FIELDS.requests),
      per: z.enum(['second', 'minute', 'hour', 'day', 'month']).describe(LIMIT_FIELDS.per),
      by: z.enum(['consumer', 'credential']).default('credential').describe(LIMIT_FIELDS.by),
    }),
  )
  .max(RATE_LIMITS_MAX)

export const triggerRateLimits = withoutRepeats(parseTriggerRateLimits)

export const keyRateLimits = withoutRepeats(parseKeyRateLimits)

function withoutRepeats<T>(parse: (list: readonly RateLimit[]) => ParsedRateLimits<T>) {
  return limits.transform((list, check): T => {
    const result = parse(list)
    if (result.ok) return result.value
    for (const index of result.repeated) {
      check.addIssue({ code: 'custom', path: [index], message: result.problem })
    }
    return z.NEVER
  })
}
