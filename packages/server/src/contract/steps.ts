import { TIMEOUT_MS_MAX, type Step } from '@sallyport/core'
import { z } from 'zod'
import { headerFields } from './header-fields.ts'

const URL_CHARS_MAX = 2048
const STEPS_MAX = 50

/** Statuses that a step can answer with: the final ones (RFC 9110 section 15). */
const STATUS_MIN = 200
const STATUS_MAX = 599
/** They have no body (RFC 9110 sections 15.3.5, 15.3.6 and 15.4.5). */
const STATUSES_WITHOUT_BODY: readonly number[] = [204, 205, 304]

/** Steps of other versions, so that a refusal can tell a typing error from a step that is not run here. */
const STEPS_NOT_RUN: readonly string[] = [
  'call',
  'transform',
  'assert',
  'credentials.verify',
  'jwt.generate',
  'jwt.decode',
]

const proxy = z.strictObject({
  url: z
    .string()
    .min(1)
    .max(URL_CHARS_MAX)
    .regex(/^[!-~]+$/, 'A URL is printable ASCII without spaces.')
    .describe('With `{name}` for a path parameter and `{*}` for the rest behind a wildcard.'),
  headers: headerFields.default({}),
  timeoutMs: z.int().min(1).max(TIMEOUT_MS_MAX).optional(),
})

const respond = z
  .strictObject({
    status: z.int().min(STATUS_MIN).max(STATUS_MAX).default(200),
    headers: headerFields.default({}),
    body: z.unknown().optional(),
  })
  .superRefine(({ status, body }, check) => {
    if (body !== undefined && body !== null && STATUSES_WITHOUT_BODY.includes(status)) {
      check.addIssue({
        code: 'custom',
        path: ['body'],
        message: `An answer with status ${status} has no body.`,
      })
    }
  })

const step = z
  .strictObject({ proxy: proxy.optional(), respond: respond.optional() }, { error: unknownStepMessage })
  .transform((named, check): Step => {
    const { proxy: proxied, respond: responded } = named
    if (proxied !== undefined && responded === undefined) {
      return { ...proxied, kind: 'proxy', timeoutMs: proxied.timeoutMs ?? null }
    }
    if (responded !== undefined && proxied === undefined) {
      return { ...responded, kind: 'respond', body: responded.body ?? null }
    }
    // A name that is not known was told already.
    if (check.issues.length === 0) {
      check.addIssue('A step is an object with exactly one name: proxy or respond.')
    }
    return z.NEVER
  })

function unknownStepMessage(issue: {
  readonly code?: string
  readonly keys?: readonly string[]
}): string | undefined {
  if (issue.code !== 'unrecognized_keys') return undefined
  const later = issue.keys?.filter((name) => STEPS_NOT_RUN.includes(name)) ?? []
  return later.length === 0
    ? 'There is no such step; this version runs proxy and respond.'
    : `This version does not run ${later.join(', ')}; it runs proxy and respond.`
}

/** What a pipeline does, in order. */
export const steps = z.array(step).min(1).max(STEPS_MAX)
