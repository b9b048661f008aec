import {
  parseKeyRateLimits,
  parseTriggerRateLimits,
  RATE_LIMIT_REQUESTS_MAX,
  RATE_LIMITS_MAX,
  type ParsedRateLimits,
  type RateLimit,
} from '@sallyport/core'
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
