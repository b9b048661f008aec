import {
  CATCH_UP_DEFAULT,
  CATCH_UPS,
  isTimeZone,
  OVERLAP_DEFAULT,
  OVERLAPS,
  parseCron,
  PIPELINE_METHODS,
  REQUEST_BYTES_DEFAULT,
  REQUEST_BYTES_FILE_DEFAULT,
  REQUEST_BYTES_MAX,
  routePathProblem,
  SCHEDULE_CHARS_MAX,
  TIME_ZONE_DEFAULT,
  TIMEOUT_MS_DEFAULT,
  TIMEOUT_MS_MAX,
  TRAILING_SLASHES,
  type Authentication,
  type SpecDraft,
  type WrittenRoute,
} from '@sallyport/core'
import { z } from 'zod'
import { checkCompression, compressionRules } from './compression.ts'
import { checkCorsHeaders, cors } from './cors.ts'
import { checkCorrelationResponse, correlationHeader } from './correlation-header.ts'
import { checkDeprecationHeaders, entryRuleFields, usedEntryRules } from './entry-rules.ts'
import { checkHostRoutes, hosts } from './hosts.ts'
import { responseHeaderFields } from './header-fields.ts'
import { checkRequestRules, requestRules, sharedSchemas } from './request-rules.ts'
import { triggerRateLimits } from '../fields/rate-limits.ts'

const ROUTES_MAX = 500

const METHODS_DEFAULT = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

const TIME_ZONE_CHARS_MAX = 64
const SCHEDULE_FIELDS: readonly string[] = ['schedule', 'timeZone', 'overlap', 'catchUp']

const routePath = z.string().superRefine((path, check) => {
  const problem = routePathProblem(path)
  if (problem !== undefined) check.addIssue(problem)
})

const methods = z
  .array(z.enum(PIPELINE_METHODS))
  .min(1)
  .refine((list) => new Set(list).size === list.length, 'A method is listed twice.')

const route = z.union([
  routePath,
  z
    .strictObject({
      path: routePath.describe('The path that callers use.'),
      methods: methods.describe(
        "The methods of this path, instead of the trigger's. Routes of one path have different ones.",
      ),
      request: requestRules
        .optional()
        .describe(
          "What requests for these methods of the path must contain, instead of the trigger's `request`.",
        ),
    })
    .transform(({ request, ...own }): WrittenRoute => ({
      ...own,
      ...(request !== undefined && { request }),
    })),
])

const authentication = z
  .strictObject({
    apiKey: z
      .union([z.boolean(), z.literal('optional')], 'Use true, false or "optional".')
      .default(false)
      .describe('Callers must send an API key; `optional`: they may, and a key that is sent must be valid.'),
    jwt: z.boolean().default(false).describe('Callers must send a JWT.'),
    basic: z.boolean().default(false).describe('Callers must send Basic credentials.'),
  })
  .refine(({ apiKey, jwt, basic }) => apiKey !== 'optional' || !(jwt || basic), {
    path: ['apiKey'],
    error: 'Use true or false: only where no other credential is required, the key can be optional.',
  })
  .transform(({ apiKey, ...others }): Authentication => ({
    apiKey: apiKey === true,
    ...(apiKey === 'optional' && { apiKeyOptional: true }),
    ...others,
  }))

const timeoutMs = z
  .int()
  .min(1)
  .max(TIMEOUT_MS_MAX)
  .default(TIMEOUT_MS_DEFAULT)
  .describe('The time for the whole request or run, in milliseconds.')

const exposingTrigger = z
  .strictObject(
    {
      kind: z
        .enum(['rest', 'http', 'http-file'])
        .describe(
          'How requests start it: `rest` takes JSON bodies, `http` any, `http-file` large ones that steps cannot read.',
        ),
      path: routePath
        .optional()
        .describe(
          'The path that callers use; `:name` or `{name}` stands for one segment or a part of it, `*` for the rest, `/**` for the path itself and everything below. Default: `/v{major}/{pipeline name}`.',
        ),
      routes: z
        .array(route)
        .max(ROUTES_MAX)
        .default([])
        .describe('Further paths of the pipeline, each as its text or with methods of its own.'),
      hosts: hosts
        .optional()
        .describe(
          'The hosts at which callers reach it, such as `orders.example.com` or `*.example.com`. Those that the server maps to another environment, or to none, have no effect there. Default: every host of the environment, and `/{org}/{env}` of the gateway.',
        ),
      methods: methods
        .default([...METHODS_DEFAULT])
        .describe('The HTTP methods that callers may use. GET also answers HEAD.'),
      authentication: authentication
        .prefault({ apiKey: false, jwt: false, basic: false })
        .describe('The credentials that callers must send: each one that is true.'),
      acceptsPublicKeys: z
        .boolean()
        .default(false)
        .describe('Whether a public API key opens the pipeline too.'),
      encodedSlashes: z
        .enum(['refuse', 'allow'])
        .default('refuse')
        .describe('Whether a path may contain `%2F`. Some servers read it as `/`.'),
      trailingSlash: z
        .enum(TRAILING_SLASHES)
        .default('exact')
        .describe('`optional`: each path also matches with a final `/`, or without the one it has.'),
      apiKeyInQuery: z
        .boolean()
        .default(false)
        .describe('Whether the API key may come as the query parameter `apikey`.'),
      login: z
        .boolean()
        .default(false)
        .describe('Whether callers get their JWT from this pipeline, so that no policy asks them for one.'),
      cors: cors
        .nullable()
        .default(null)
        .describe('Which pages of other origins may call the pipeline; null for none.'),
      limits: z
        .strictObject({
          requestBytes: z
            .int()
            .min(0)
            .max(REQUEST_BYTES_MAX)
            .optional()
            .describe(
              `The largest request body, in bytes. Default: ${REQUEST_BYTES_DEFAULT}, for http-file ${REQUEST_BYTES_FILE_DEFAULT}.`,
            ),
          timeoutMs,
        })
        .default({ timeoutMs: TIMEOUT_MS_DEFAULT })
        .describe('The limits of each request.'),
      rateLimits: triggerRateLimits
        .prefault([])
        .describe('How often each caller may call the pipeline; empty for no limit.'),
      responseHeaders: responseHeaderFields
        .default({})
        .describe(
          'Headers of every response, refusals included. They replace those of steps and upstreams; null only removes them.',
        ),
      request: requestRules
        .optional()
        .describe('What requests must contain: JSON Schemas of the body, the query and the path parameters.'),
      schemas: sharedSchemas
        .optional()
        .describe(
          'JSON Schemas by name. Those of `request` refer to them as `#/$defs/NAME`, and they to each other.',
        ),
      ...entryRuleFields,
      correlationHeader: correlationHeader
        .optional()
        .describe(
          'A further header for the id of each request, such as `X-Correlation-ID`: callers may send it, and upstreams and responses have it beside `x-request-id`.',
        ),
      compression: compressionRules
        .optional()
        .describe('Which responses are compressed for callers that accept it; none without it.'),
      sendLabels: z
        .boolean()
        .default(false)
        .describe(
          'Whether upstreams get the labels of the caller in `x-sallyport-labels`, and steps in `auth.labels`.',
        ),
    },
    {
      error: (issue) =>
        issue.code === 'unrecognized_keys' && issue.keys?.every((key) => SCHEDULE_FIELDS.includes(key))
          ? `Only a trigger of kind schedule has ${issue.keys.join(', ')}.`
          : undefined,
    },
  )
  .superRefine(checkCorsHeaders)
  .superRefine(checkRequestRules)
  .superRefine(checkDeprecationHeaders)
  .superRefine(checkCorrelationResponse)
  .superRefine(checkCompression)
  .superRefine(checkHostRoutes)
  .transform(
    ({
      path,
      limits,
      hosts: ownHosts,
      request,
      compression,
      correlationHeader: correlation,
      schemas,
      addressRules,
      maintenance,
      deprecation,
      ...trigger
    }): SpecDraft['trigger'] => ({
      ...trigger,
      ...usedEntryRules({ addressRules, maintenance, deprecation }),
      ...(request === undefined ? {} : { request }),
      ...(compression === undefined ? {} : { compression }),
      ...(correlation === undefined ? {} : { correlationHeader: correlation }),
      ...(ownHosts === undefined ? {} : { hosts: ownHosts }),
      ...(schemas === undefined ? {} : { schemas }),
      path: path ?? null,
      requestBytesMax:
        limits.requestBytes ??
        (trigger.kind === 'http-file' ? REQUEST_BYTES_FILE_DEFAULT : REQUEST_BYTES_DEFAULT),
      timeoutMs: limits.timeoutMs,
      schedule: null,
    }),
  )

const scheduleTrigger = z
  .strictObject(
    {
      kind: z.literal('schedule').describe('It starts at due times, without a caller.'),
      schedule: z
        .string()
        .max(SCHEDULE_CHARS_MAX)
        .superRefine((text, check) => {
          const found = parseCron(text)
          if ('message' in found) check.addIssue(found.message)
        })
        .describe(
          'Its due times, as five cron fields, such as `*/5 * * * *`, or one of `@hourly`, `@daily`, `@weekly`, `@monthly` and `@yearly`.',
        ),
      timeZone: z
        .string()
        .max(TIME_ZONE_CHARS_MAX)
        .refine(isTimeZone, 'Use a name of the IANA time zone database, such as Europe/Berlin.')
        .default(TIME_ZONE_DEFAULT)
        .describe('The time zone of the schedule, as a name of the IANA database, such as `Europe/Berlin`.'),
      overlap: z
        .enum(OVERLAPS)
        .default(OVERLAP_DEFAULT)
        .describe(
          'What happens at a due time while the run before goes on: `forbid` waits up to a minute for its end and then skips, `replace` ends it, `allow` starts beside it.',
        ),
      catchUp: z
        .enum(CATCH_UPS)
        .default(CATCH_UP_DEFAULT)
        .describe(
          'Whether `one` run makes up for all due times that passed while no gateway could run them, or `none`.',
        ),
      limits: z
        .strictObject({ timeoutMs })
        .default({ timeoutMs: TIMEOUT_MS_DEFAULT })
        .describe('The limits of each run.'),
    },
    {
      error: (issue) =>
        issue.code === 'unrecognized_keys'
          ? 'A schedule has no callers, so it has only kind, schedule, timeZone, overlap, catchUp and limits.timeoutMs.'
          : undefined,
    },
  )
  .transform(({ schedule, timeZone, overlap, catchUp, limits }): SpecDraft['trigger'] => ({
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
    timeZone,
    overlap,
    catchUp,
  }))

/** The trigger of a pipeline, with every default filled in. */
export const trigger = z.discriminatedUnion('kind', [exposingTrigger, scheduleTrigger])
