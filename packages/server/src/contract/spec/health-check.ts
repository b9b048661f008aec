import {
  HEALTH_INTERVAL_MS_MAX,
  HEALTH_INTERVAL_MS_MIN,
  HEALTH_THRESHOLD_MAX,
  HEALTH_TIMEOUT_MS_MAX,
  parseUrlTemplate,
  URL_TEMPLATE_CHARS_MAX,
  type HealthCheck,
} from '@sallyport/core'
import { z } from 'zod'

const STATUSES_MAX = 20
/** Stands for a target: the path is the same for all of them. */
const ANY_ORIGIN = 'https://a.example.com'

const path = z
  .string()
  .max(URL_TEMPLATE_CHARS_MAX - ANY_ORIGIN.length)
  .superRefine((text, check) => {
    const message = pathProblem(text)
    if (message !== undefined) check.addIssue({ code: 'custom', message })
  })

function pathProblem(text: string): string | undefined {
  if (!text.startsWith('/')) return 'A path starts with "/".'
  if (/[{}]/.test(text)) return 'A health check belongs to no request: its path has no placeholders.'
  return parseUrlTemplate(`${ANY_ORIGIN}${text}`).problems[0]
}

const threshold = z.int().min(1).max(HEALTH_THRESHOLD_MAX)

/** The field `health` of `balance`. */
export const healthCheck = z
  .strictObject({
    path: path.describe(
      'The path, with a query if need be, of a GET that each target answers while it works.',
    ),
    intervalMs: z
      .int()
      .min(HEALTH_INTERVAL_MS_MIN)
      .max(HEALTH_INTERVAL_MS_MAX)
      .default(10_000)
      .describe(
        'The time between two checks of a target, in milliseconds; up to a tenth is added by chance.',
      ),
    timeoutMs: z
      .int()
      .min(1)
      .max(HEALTH_TIMEOUT_MS_MAX)
      .default(2000)
      .describe('The time in which a target must answer, in milliseconds.'),
    healthyAfter: threshold
      .default(1)
      .describe('How many passed checks in a row let a target that had failed have requests again.'),
    unhealthyAfter: threshold
      .default(2)
      .describe('How many failed checks in a row keep requests from a target.'),
    statuses: z
      .array(z.int().min(200).max(599))
      .min(1)
      .max(STATUSES_MAX)
      .optional()
      .describe('The statuses that pass. Default: any from 200 to 299.'),
  })
  .transform(({ statuses = null, ...rest }): HealthCheck => ({ ...rest, statuses }))
  .describe(
    'How each gateway checks the targets by itself; without it, only requests show which targets fail.',
  )
