import { exactJson, jsonPointer, Problem } from '@sallyport/core'
import { checkExpression } from '../../expression/check-expression.ts'
import type { EvaluationFailure } from '../../expression/evaluation.ts'
import type { Expressions } from '../../expression/expressions.ts'
import { countAll, type RequestCounters, type RequestLimit } from '../../fairness/request-counters.ts'
import type { OperationContext } from '../access/context.ts'
import { visibleScopes } from '../access/permission-checks.ts'
import { requireNone } from '../refusals.ts'

/** The most characters of all expressions of a request together, as of a version. */
const EXPRESSIONS_CHARS_MAX = 65_536
/** How often one organization may try expressions. */
const EVALUATIONS_MAX: RequestLimit = { requests: 120, per: 'minute' }
const TOO_MANY =
  'Your organization tried too many expressions within a minute. Wait for the seconds in `Retry-After`.'
const STATUS_DEFAULT = 200

/** How expressions are tried: apart from the processes that gateways use, with the same program. */
export interface ExpressionTrials {
  readonly expressions: Pick<Expressions, 'evaluate'>
  readonly counters: RequestCounters
}

/** The fields of a message that a sample can have. */
interface SampleMessage {
  readonly method?: string | undefined
  readonly path?: string | undefined
  readonly params?: Readonly<Record<string, string>> | undefined
  readonly query?: Readonly<Record<string, string | readonly string[]>> | undefined
  readonly headers?: Readonly<Record<string, string | readonly string[]>> | undefined
  readonly body?: unknown
  readonly auth?:
    | {
        readonly consumer?: string | null | undefined
        readonly consumerId?: string | null | undefined
        readonly key?: string | null | undefined
        readonly claims?: Readonly<Record<string, unknown>> | null | undefined
        readonly labels?: Readonly<Record<string, string>> | undefined
      }
    | undefined
  readonly status?: number | undefined
}

interface EvaluateExpressionsInput {
  readonly organization: string
  readonly expressions: readonly string[]
  readonly message?: SampleMessage | undefined
}

interface ExpressionFailure {
  /** A JSON Pointer into the request. */
  readonly place: string
  readonly reason: Exclude<EvaluationFailure['reason'], 'busy'>
  readonly detail: string
}

export interface ExpressionResults {
  /** Null if an expression failed. A number that JavaScript cannot hold is raw JSON. */
  readonly results: readonly { readonly value?: unknown }[] | null
  readonly failure: ExpressionFailure | null
}

/**
 * Evaluates expressions over a sample message, as one step of a pipeline would. Nothing is stored or recorded, and the
 * expressions see no secret.
 *
 * @throws Problem `not_found`, `permission_missing` without the permission to write any pipeline, `invalid_request` for
 *   an expression that the gate would refuse, `rate_limited`, `unavailable`
 */
export async function evaluateExpressions(
  context: Pick<OperationContext, 'actor'>,
  { expressions: evaluator, counters }: ExpressionTrials,
  { organization, expressions, message = {} }: EvaluateExpressionsInput,
): Promise<ExpressionResults> {
  // A pipeline belongs to no environment, so a permission for one environment writes none.
  visibleScopes(context, organization, 'pipelines.write', ['project', 'pipeline'])
  countAll([counters.look(organization, EVALUATIONS_MAX)], TOO_MANY)
  requireValid(expressions)
  const evaluated = await evaluator.evaluate({
    tenant: { organization, pipeline: context.actor.id },
    expressions,
    message: messageText(organization, message),
  })
  if (evaluated.kind === 'values') return { results: evaluated.values.map(resultOf), failure: null }
  const { reason, index = 0, detail } = evaluated
  if (reason === 'busy') throw new Problem('unavailable')
  return { results: null, failure: { place: jsonPointer('expressions', index), reason, detail } }
}

function requireValid(expressions: readonly string[]): void {
  const chars = expressions.reduce((sum, { length }) => sum + length, 0)
  if (chars > EXPRESSIONS_CHARS_MAX) {
    const message = `The expressions have more than ${EXPRESSIONS_CHARS_MAX} characters together.`
    requireNone([{ path: '/expressions', message }])
  }
  requireNone(
    expressions.flatMap((text, index) => {
      const message = checkExpression(text)
      return message === undefined ? [] : [{ path: jsonPointer('expressions', index), message }]
    }),
  )
}

function resultOf(text: string | undefined): { readonly value?: unknown } {
  if (text === undefined) return {}
  return { value: exactJson.parse(text, (number) => JSON.rawJSON(number)) }
}

/** The message as JSON text, with the fields of a gateway's. `fromEntries` defines own properties, also `__proto__`. */
function messageText(organization: string, message: SampleMessage): string {
  const {
    method = 'GET',
    path = '/',
    params = {},
    query = {},
    headers = {},
    body = null,
    auth = {},
  } = message
  const { consumer = null, consumerId = null, key = null, claims = null, labels = {} } = auth
  return JSON.stringify({
    method,
    path,
    params,
    query,
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toLowerCase(), lineOrLines(value)]),
    ),
    auth: { organization, consumer, consumerId, key, claims, labels },
    status: message.status ?? STATUS_DEFAULT,
    body,
  })
}

/** A single line of a header is a text. */
function lineOrLines(value: string | readonly string[]): string | readonly string[] {
  const [line, ...others] = typeof value === 'string' ? [value] : value
  return line !== undefined && others.length === 0 ? line : value
}
