import {
  parseKeyRateLimits,
  parsePlanLimits,
  parseTriggerRateLimits,
  PLAN_LIMIT_SCOPES,
  RATE_LIMIT_REQUESTS_MAX,
  RATE_LIMITS_MAX,
  type ParsedRateLimits,
} from '@sallyport/core'
import { z } from 'zod'

const LIMIT_FIELDS = {
  requests: 'The most requests in one burst; they refill evenly over `per`.',
  per: 'The time in which `requests` refill; a month has 30 days.',
  by: 'What a limit of a trigger counts: each consumer, or each credential. A limit of a key counts the key.',
} as const

const SCOPE =
  'What a limit of a plan counts for each consumer: its requests to all pipelines of the environment together, or to each pipeline.'

const WINDOWS = ['second', 'minute', 'hour', 'day', 'month'] as const

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
      per: z.enum(WINDOWS).describe(LIMIT_FIELDS.per),
      by: z.enum(['consumer', 'credential']).default('credential').describe(LIMIT_FIELDS.by),
    }),
  )
  .max(RATE_LIMITS_MAX)

/** A rate limit of a plan in a response. */
export const planLimit = z.object({
  requests: z.int().describe(LIMIT_FIELDS.requests),
  per: z.string().describe(LIMIT_FIELDS.per),
  scope: z.string().describe(SCOPE),
})

const planLimits = z
  .array(
    z.strictObject({
      requests: z.int().min(1).max(RATE_LIMIT_REQUESTS_MAX).describe(LIMIT_FIELDS.requests),
      per: z.enum(WINDOWS).describe(LIMIT_FIELDS.per),
      scope: z.enum(PLAN_LIMIT_SCOPES).default('environment').describe(SCOPE),
    }),
  )
  .max(RATE_LIMITS_MAX)

export const triggerRateLimits = withoutRepeats(limits, parseTriggerRateLimits)

export const keyRateLimits = withoutRepeats(limits, parseKeyRateLimits)

export const planRateLimits = withoutRepeats(planLimits, parsePlanLimits)

function withoutRepeats<Limit, T>(
  list: z.ZodType<Limit[]>,
  parse: (limits: readonly Limit[]) => ParsedRateLimits<T>,
) {
  return list.transform((parsed, check): T => {
    const result = parse(parsed)
    if (result.ok) return result.value
    for (const index of result.repeated) {
      check.addIssue({ code: 'custom', path: [index], message: result.problem })
    }
    return z.NEVER
  })
}
