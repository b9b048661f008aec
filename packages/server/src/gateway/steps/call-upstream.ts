import type { CallStep } from '@sallyport/core'
import type { BoundUpstream, CompiledUpstream, ExpandedUpstream } from '../deployment/compiled-upstream.ts'
import { appendTrace } from '../../telemetry/tracing/request-trace.ts'
import { appendIdentity } from '../headers/identity-headers.ts'
import { bindingProblem, isOwnEnd, upstreamProblem, expansionProblem } from '../proxy/upstream-problem.ts'
import { BODY_VALUES_MAX, bodyText } from '../message/body-text.ts'
import { requestContent } from '../message/content-text.ts'
import type { BalancedRequest } from '../balance/balancing.ts'
import { sendBalanced } from './balanced-request.ts'
import { evaluate } from './evaluate.ts'
import { NO_BODY, type Message } from '../message/message.ts'
import { STATUSES_WITHOUT_CONTENT } from '../message/rendered-response.ts'
import { stepFailure } from './step-failure.ts'
import { stepProblem, type Run, type RunnableStep, type StepOutcome } from './step.ts'
import { sendRequest, UnusableResponse, type UpstreamResponse } from './upstream-request.ts'

/**
 * Sends a request of the step. The response becomes the message's body and status. Only the caller's identity is forwarded:
 * everything else that the upstream receives is defined in the step.
 *
 * @param upstream the step's compiled URL and headers
 */
export function compileCall(step: CallStep, upstream: CompiledUpstream, pointer: string): RunnableStep {
  const expressions = step.body === null ? [] : [{ pointer: `${pointer}/body`, text: step.body }]
  return {
    pointer,
    callsUpstream: true,
    readsMessage: expressions.length > 0,
    async run(message, run) {
      const evaluated = await evaluate(run, message, expressions)
      if ('problem' in evaluated) return evaluated
      return await call({ method: step.method, body: evaluated.values[0], pointer }, upstream, message, run)
    },
  }
}

/** What a call sends. */
interface Call {
  readonly method: string
  /** JSON text; undefined for a request without a body. */
  readonly body: string | undefined
  /** The step's location in the spec. */
  readonly pointer: string
}

async function call(
  { method, body, pointer }: Call,
  compiled: CompiledUpstream,
  message: Message,
  run: Run,
): Promise<StepOutcome> {
  const { connections, logger } = run.deps
  const { organization, environment, pipeline } = run.deployment.record
  const context = { requestId: run.requestId, organization, environment, pipeline }
  const upstream = compiled.bind(run.environment)
  if ('bindingProblem' in upstream) return stepProblem(bindingProblem(upstream, logger, context))
  const { origin, timeoutMs } = upstream
  const about = { ...context, upstream: origin }
  const secrets = run.deps.secrets.of(run.environment)
  const expanded = upstream.expand(run.pattern, message.origin.path, secrets, message)
  if (expanded.target === undefined) {
    const { code, details } = expansionProblem(expanded, secrets, logger, about)
    return stepProblem(code, details)
  }
  const tls = upstream.tls === null ? null : upstream.tls.of(secrets, organization)
  if (tls !== null && 'fault' in tls) {
    const { code, details } = expansionProblem(tls, secrets, logger, about)
    return stepProblem(code, details)
  }
  const content = body === undefined ? { text: null } : requestContent(body, typeIn(expanded.headers))
  if ('fault' in content) return stepFailure(run, `${pointer}/body`, content.fault)
  try {
    const headers = headersOf(upstream, expanded, body !== undefined, message, run)
    run.entry?.upstreamStarted()
    const request = { path: expanded.target, method, headers, body: content.text, tls }
    const { tenant, record } = run.deployment
    if (upstream.balancing === null) {
      const sent = { ...request, origin }
      return outcomeOf(
        message,
        await sendRequest(connections, tenant, sent, run.exchange, timeoutMs, run.signal),
      )
    }
    const balancer = run.deps.balancers.of(upstream.balancing, record)
    const onAttempt = (target: string): void => {
      about.upstream = target
    }
    return outcomeOf(
      message,
      await sendBalanced(
        { connections, balancer, tenant, onAttempt },
        request,
        balancedCall(method, message, run),
        run.exchange,
        timeoutMs,
        run.signal,
      ),
    )
  } catch (err) {
    // After the run has ended, a failure is not the upstream's fault.
    if (!run.signal.aborted && !isOwnEnd(err)) logger.warn({ ...about, err }, 'upstream failed')
    return stepProblem(upstreamProblem(err))
  } finally {
    run.entry?.upstreamAnswered()
  }
}

/** What the target of a call can depend on. A run without a caller counts as one caller. */
function balancedCall(method: string, { origin, identity }: Message, run: Run): BalancedRequest {
  return {
    method,
    headers: { get: (name) => origin.headers.get(name) },
    consumer: identity.consumer,
    caller: () => identity.consumerId ?? identity.keyId ?? run.address(),
  }
}

/** No content coding is accepted: the size of the decoded body would need its own limit. */
const GET_HEADERS: readonly (readonly [string, string])[] = [
  ['accept', 'application/json'],
  ['accept-encoding', 'identity'],
]
const BODY_HEADERS: readonly (readonly [string, string])[] = [
  ['content-type', 'application/json'],
  ...GET_HEADERS,
]

/** The step's headers, then defaults that it does not set, then the caller's identity. */
function headersOf(
  upstream: BoundUpstream,
  expanded: ExpandedUpstream,
  hasBody: boolean,
  message: Message,
  run: Run,
): string[] {
  const headers = [...expanded.headers]
  for (const [name, value] of hasBody ? BODY_HEADERS : GET_HEADERS) {
    if (!upstream.dropped.fromOthers.has(name)) headers.push(name, value)
  }
  headers.push('x-request-id', run.requestId)
  const { correlation } = run.deployment
  if (correlation !== null) headers.push(correlation.name, run.requestId)
  appendTrace(headers, run.trace)
  appendIdentity(headers, message.identity, run.deployment)
  return headers
}

/** @param headers alternating names and values */
function typeIn(headers: readonly string[]): string | undefined {
  const index = headers.findIndex((name, at) => at % 2 === 0 && name.toLowerCase() === 'content-type')
  return index === -1 ? undefined : headers[index + 1]
}

const UNUSABLE = {
  coding: 'the response has a content coding',
  values: `the response has more than ${BODY_VALUES_MAX} values`,
  json: 'the response is not JSON that every reader reads alike',
} as const

function outcomeOf(message: Message, { status, type, coding, content }: UpstreamResponse): StepOutcome {
  if (status === 401) message.token?.refused()
  const body = bodyText(content, type, coding)
  if ('fault' in body) throw new UnusableResponse(UNUSABLE[body.fault])
  return { message: { ...message, status, body: STATUSES_WITHOUT_CONTENT.has(status) ? NO_BODY : body.text } }
}
