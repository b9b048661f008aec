import { Problem } from '@sallyport/core'
import { z } from 'zod'
import { REQUEST_ENDS } from '../../requests/request-record.ts'
import type { NodeFunctions, RelayFunctions } from '../stream/stream-functions.ts'

/** No text that a gateway sends is longer, in characters. */
const TEXT_CHARS_MAX = 4_096
/** Rows and facts in one call. */
const ROWS_MAX = 200_000
const FACTS_MAX = 32
const REQUESTS_MAX = 1_000

/**
 * Whether PostgreSQL stores a text: it refuses U+0000, and half of a surrogate pair. In counts that wait to be added up, such a
 * text would keep others from it.
 */
const isStorable = (value: string): boolean => !value.includes('\u0000') && value.isWellFormed()

const text = z.string().max(TEXT_CHARS_MAX).refine(isStorable)
const integer = z.int()
const timeMs = z.int().min(0)
const position = z.object({ revision: z.int().min(0), hash: text })
const facts = z
  .record(text, z.union([text, z.number(), z.null()]))
  .refine((value) => Object.keys(value).length <= FACTS_MAX)
const digest = z.string().regex(/^[0-9a-f]{64}$/)
const schedule = z.object({ organization: text, environment: text, pipeline: text, major: integer })
const dueRun = schedule.extend({
  dueAtMs: timeMs,
  startedAtMs: timeMs,
  isExclusive: z.boolean(),
  missedBefore: integer,
})
/** So much less than the largest number of a database that sums do not reach that one. */
const requests = z
  .int()
  .min(0)
  .max(2 ** 40)
const usageRow = z.object({
  organization: text,
  environment: text,
  project: text,
  pipeline: text,
  version: text,
  code: text,
  consumer: text.nullable(),
  keyId: z.templateLiteral(['key_', text]).refine(isStorable).nullable(),
  secretSequence: integer,
  isExternal: z.boolean(),
  minuteMs: timeMs,
  requests,
  lastUsedAtMs: timeMs,
  lastUsedAddress: text.nullable(),
  sources: z.array(z.object({ address: text.nullable(), userAgent: text, requests, lastUsedAtMs: timeMs })),
})

const usageReport = z.object({ source: z.string().regex(/^[0-9a-f]{32}$/), number: z.int().min(1) })

const requestRecord = z.object({
  requestId: text,
  atMs: timeMs,
  entrance: z.enum(['gateway', 'authz']),
  organization: text.nullable(),
  environment: text.nullable(),
  project: text.nullable(),
  pipeline: text.nullable(),
  version: text.nullable(),
  code: text,
  keyId: text.nullable(),
  consumer: text.nullable(),
  method: text,
  status: integer.nullable(),
  end: z.enum(REQUEST_ENDS),
  durationMs: z.number(),
  upstreamMs: z.number().nullable(),
  requestBytes: z.number(),
  responseBytes: z.number(),
})

/** What each function takes. */
const ARGUMENTS = {
  ask: z.tuple([position]),
  report: z.tuple([position, facts]),
  replaceCredential: z.tuple([digest]),
  sendSnapshot: z.tuple([]),
  addUsage: z.tuple([z.array(usageRow).max(ROWS_MAX), usageReport.optional()]),
  addRequests: z.tuple([z.array(requestRecord).max(REQUESTS_MAX)]),
  end: z.tuple([]),
  claim: z.tuple([dueRun, z.enum(['missed', 'skipped']).nullable()]),
  finish: z.tuple([dueRun, timeMs, text]),
  standing: z.tuple([schedule, text, timeMs]),
  beat: z.tuple([dueRun]),
  askToEnd: z.tuple([schedule, timeMs]),
  abandon: z.tuple([schedule, z.object({ dueAtMs: timeMs, beats: integer, finishedAtMs: timeMs })]),
} as const satisfies { readonly [Name in keyof NodeFunctions]: z.ZodType<Parameters<NodeFunctions[Name]>> }

const reached = position.extend({ id: text, attachment: integer, seenAtMs: timeMs, facts })

const RELAY_ARGUMENTS = {
  findGateway: z.tuple([digest]),
  removalOf: z.tuple([digest]),
  roleOfToken: z.tuple([digest]),
  enrolGateway: z.tuple([digest, digest]),
  replaceGatewayCredential: z.tuple([text, digest, digest]),
  attachGateway: z.tuple([text]),
  reportGateways: z.tuple([z.array(reached).max(ROWS_MAX)]),
  addGatewayRequests: z.tuple([text, z.array(requestRecord).max(REQUESTS_MAX)]),
  endGateway: z.tuple([text, integer]),
} as const satisfies { readonly [Name in keyof RelayFunctions]: z.ZodType<Parameters<RelayFunctions[Name]>> }

/** The same functions, which refuse arguments of another form with `invalid_request`. */
export function checkedFunctions(functions: NodeFunctions): NodeFunctions {
  return checked(functions, ARGUMENTS)
}

/** The same for the functions of relays. */
export function checkedRelayFunctions(functions: RelayFunctions): RelayFunctions {
  return checked(functions, RELAY_ARGUMENTS)
}

function checked<Functions extends object>(
  functions: Functions,
  schemas: { readonly [Name in keyof Functions]: z.ZodType },
): Functions {
  const entries = Object.entries<z.ZodType>(schemas).map(([name, schema]) => {
    const call = functions[name as keyof Functions] as (...args: readonly unknown[]) => Promise<unknown>
    return [
      name,
      async (...args: readonly unknown[]) => {
        const parsed = schema.safeParse(args)
        if (!parsed.success)
          throw new Problem('invalid_request', { detail: `The arguments of ${name} are of another form.` })
        return await call(...(parsed.data as readonly unknown[]))
      },
    ]
  })
  return Object.fromEntries(entries) as Functions
}
