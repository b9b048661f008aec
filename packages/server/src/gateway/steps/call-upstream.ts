import type { CallStep } from '@sallyport/core'
import type { CompiledUpstream, FilledUpstream } from '../deployment/compiled-upstream.ts'
import { appendIdentity } from '../headers/identity-headers.ts'
import { unfilledProblem } from '../proxy/unfilled-upstream.ts'
import { upstreamProblem } from '../proxy/upstream-failure.ts'
import { bodyText } from '../message/body-text.ts'
import { evaluate } from './evaluate.ts'
import { NO_BODY, type Message } from '../message/message.ts'
import { known, type Run, type RunnableStep, type StepOutcome } from './step.ts'
import { request, UnusableAnswer, type UpstreamAnswer } from './upstream-request.ts'

/**
 * Sends a JSON request; the answer becomes the message's body and status. Of the request that came in nothing goes on
 * but who is calling: whatever else the upstream is to know stands in the step.
 *
 * @param upstream the step's URL and headers, compiled
 */
export function compileCall(step: CallStep, upstream: CompiledUpstream, place: string): RunnableStep {
  const expressions = step.body === null ? [] : [{ place: `${place}/body`, text: step.body }]
  return {
    place,
    callsUpstream: true,
    seesMessage: expressions.length > 0,
    async run(message, run) {
      const evaluated = await evaluate(run, message, expressions)
      if ('problem' in evaluated) return evaluated
      return await call(step.method, upstream, evaluated.values[0], message, run)
    },
  }
}

/** @param body JSON text, or undefined for a request without a body */
async function call(
  method: string,
  upstream: CompiledUpstream,
  body: string | undefined,
  message: Message,
  run: Run,
): Promise<StepOutcome> {
  const { origin, timeoutMs } = upstream
  const { upstreams, logger } = run.tools
  const { organization, environment, pipeline } = run.deployment.record
  const about = { requestId: run.requestId, organization, environment, pipeline, upstream: origin }
  const secrets = run.tools.secrets.of(run.environment)
  const filled = upstream.fill(run.pattern, message.origin.path, secrets)
  if (filled.target === undefined) {
    const { code, details } = unfilledProblem(filled, secrets, logger, about)
    return known(code, details)
  }
  if (!upstreams.enter(origin)) return known('unavailable')
  try {
    const headers = headersOf(upstream, filled, body !== undefined, message, run)
    const question = { origin, path: filled.target, method, headers, body: body ?? null }
    return answered(message, await request(upstreams, question, timeoutMs, run.signal))
  } catch (err) {
    // A run that is over says so itself, and what fails after it is no fault of the upstream's.
    if (!run.signal.aborted) logger.warn({ ...about, err }, 'upstream failed')
    return known(upstreamProblem(err))
  } finally {
    upstreams.leave(origin)
  }
}

/** The answer is asked for as it is: what a coding unfolds to would have to be bounded once more. */
const ASKED: readonly (readonly [string, string])[] = [
  ['accept', 'application/json'],
  ['accept-encoding', 'identity'],
]
const SENT: readonly (readonly [string, string])[] = [['content-type', 'application/json'], ...ASKED]

/** What the step says, then what it leaves out, then who is calling: names and values in turn. */
function headersOf(
  upstream: CompiledUpstream,
  filled: FilledUpstream,
  hasBody: boolean,
  message: Message,
  run: Run,
): string[] {
  const headers = [...filled.headers]
  for (const [name, value] of hasBody ? SENT : ASKED) {
    if (!upstream.dropped.fromOthers.has(name)) headers.push(name, value)
  }
  headers.push('x-request-id', run.requestId)
  appendIdentity(headers, message.identity, run.deployment)
  return headers
}

function answered(message: Message, { status, type, coding, content }: UpstreamAnswer): StepOutcome {
  const body = bodyText(content, type, coding)
  if ('fault' in body) throw new UnusableAnswer(`the answer's ${body.fault} cannot be read`)
  return { message: { ...message, status, body: STATUSES_WITHOUT_CONTENT.has(status) ? NO_BODY : body.text } }
}

/** RFC 9110 sections 15.3.5, 15.3.6 and 15.4.5. */
const STATUSES_WITHOUT_CONTENT: ReadonlySet<number> = new Set([204, 205, 304])
