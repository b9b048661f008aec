import {
  REQUEST_BYTES_DEFAULT,
  REQUEST_BYTES_FILE_DEFAULT,
  REQUEST_BYTES_MAX,
  routePathProblem,
  TIMEOUT_MS_DEFAULT,
  TIMEOUT_MS_MAX,
  type SpecDraft,
} from '@sallyport/core'
import { z } from 'zod'
import { headerFields, headerToken } from './header-fields.ts'
import { triggerRateLimits } from '../fields/rate-limits.ts'

const ROUTES_MAX = 100
const CORS_LIST_MAX = 100
const ORIGIN_CHARS_MAX = 300
const SCHEDULE_CHARS_MAX = 100

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const
const METHODS_DEFAULT = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

/** A serialized origin (RFC 6454 section 6.2) as browsers send it: lower case, no path. */
const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/
/** Five fields of cron: numbers, names, lists, ranges and steps. */
const CRON = /^[0-9A-Za-z*,/?#-]+(?: [0-9A-Za-z*,/?#-]+){4}$/

const routePath = z.string().superRefine((path, check) => {
  const problem = routePathProblem(path)
  if (problem !== undefined) check.addIssue(problem)
})

const authentication = z.strictObject({
  apiKey: z.boolean().default(false),
  jwt: z.boolean().default(false),
  basic: z.boolean().default(false),
})

const origin = z
  .string()
  .max(ORIGIN_CHARS_MAX)
  .refine(
    (text) => text === '*' || ORIGIN.test(text),
    'Use an origin such as https://app.example.com, or "*".',
  )

const cors = z
  .strictObject({
    origins: z.array(origin).min(1).max(CORS_LIST_MAX),
    headers: z.array(headerToken).max(CORS_LIST_MAX).default([]),
    credentials: z.boolean().default(false),
  })
  .superRefine(({ origins, credentials }, check) => {
    if (!origins.includes('*')) return
    if (origins.length > 1) {
      check.addIssue({ code: 'custom', path: ['origins'], message: '"*" must be the only origin.' })
    }
    // Any page could then use its visitor's credentials (Fetch standard, "CORS protocol and credentials").
    if (credentials) {
      check.addIssue({
        code: 'custom',
        path: ['credentials'],
        message: 'List the origins: "*" does not allow credentials.',
      })
    }
  })

const timeoutMs = z.int().min(1).max(TIMEOUT_MS_MAX).default(TIMEOUT_MS_DEFAULT)

const exposingTrigger = z
  .strictObject(
    {
      kind: z.enum(['rest', 'http', 'http-file']),
      path: routePath.optional().describe('Default: `/v{major}/{pipeline name}`.'),
      routes: z.array(routePath).max(ROUTES_MAX).default([]),
      methods: z
        .array(z.enum(METHODS))
        .min(1)
        .refine((methods) => new Set(methods).size === methods.length, 'A method is listed twice.')
        .default([...METHODS_DEFAULT]),
      authentication: authentication.default({ apiKey: false, jwt: false, basic: false }),
      acceptsPublicKeys: z.boolean().default(false),
      encodedSlashes: z
        .enum(['refuse', 'allow'])
        .default('refuse')
        .describe('Whether a path may contain `%2F`. Some servers read it as `/`.'),
      apiKeyInQuery: z.boolean().default(false),
      login: z.boolean().default(false),
      cors: cors.nullable().default(null),
      limits: z
        .strictObject({
          requestBytes: z.int().min(0).max(REQUEST_BYTES_MAX).optional(),
          timeoutMs,
        })
        .default({ timeoutMs: TIMEOUT_MS_DEFAULT }),
      rateLimits: triggerRateLimits.prefault([]),
      responseHeaders: headerFields.default({}),
    },
    {
      error: (issue) =>
        issue.code === 'unrecognized_keys' && issue.keys?.join() === 'schedule'
          ? 'Only a trigger of kind schedule has a schedule.'
          : undefined,
    },
  )
  .transform(({ path, limits, ...trigger }): SpecDraft['trigger'] => ({
    ...trigger,
    path: path ?? null,
    requestBytesMax:
      limits.requestBytes ??
      (trigger.kind === 'http-file' ? REQUEST_BYTES_FILE_DEFAULT : REQUEST_BYTES_DEFAULT),
    timeoutMs: limits.timeoutMs,
    schedule: null,
  }))

const scheduleTrigger = z
  .strictObject(
    {
      kind: z.literal('schedule'),
      schedule: z
        .string()
        .max(SCHEDULE_CHARS_MAX)
        .regex(CRON, 'A schedule has five cron fields, such as "*/5 * * * *".'),
      limits: z.strictObject({ timeoutMs }).default({ timeoutMs: TIMEOUT_MS_DEFAULT }),
    },
    {
      error: (issue) =>
        issue.code === 'unrecognized_keys'
          ? 'A schedule has no callers, so it has only kind, schedule and limits.timeoutMs.'
          : undefined,
    },
  )
  .transform(({ schedule, limits }): SpecDraft['trigger'] => ({
    kind: 'schedule',
    path: null,
    routes: [],
    methods: [],
    authentication: { apiKey: false, jwt: false, basic: false },
    acceptsPublicKeys: false,
    apiKeyInQuery: false,
    login: false,
    cors: null,
    requestBytesMax: REQUEST_BYTES_DEFAULT,
    timeoutMs: limits.timeoutMs,
    rateLimits: [],
    responseHeaders: {},
    schedule,
  }))

/** The trigger of a pipeline, with every default filled in. */
export const trigger = z.discriminatedUnion('kind', [exposingTrigger, scheduleTrigger])
