import { answerOwnProblem, answerProblem } from '../request/answer.ts'
import { callHeaders, type Call } from '../deployment/admitted-request.ts'
import type { CompiledRun } from '../deployment/compiled-step.ts'
import { ProxyExchange, type ExchangeParts } from '../proxy/proxy-exchange.ts'
import { answerMessage } from './answer-message.ts'
import { runnableSteps } from './compile-steps.ts'
import { requestMessage, type RequestMessage } from './request-message.ts'
import { RunClock } from './run-clock.ts'
import type { RunPlace, RunPlaces } from './run-slots.ts'
import { runSteps } from './run-steps.ts'
import { known, type StepProblem } from '../steps/step.ts'
import type { StepTools } from '../steps/step-tools.ts'

/** What all runs of a gateway share. */
export interface RunParts {
  readonly tools: StepTools
  readonly places: RunPlaces
  readonly exchange: ExchangeParts
}

/**
 * Runs a request through the steps of its pipeline and answers it. One clock runs over all of it, from the first byte
 * of the body on.
 *
 * @throws what nobody expected, as a rejection, before anything was answered
 */
export async function runRequest(call: Call, compiled: CompiledRun, parts: RunParts): Promise<void> {
  const { response } = call
  // A write that crosses with the caller's going away fails here; the close is what counts.
  response.on('error', ignore)
  const place = parts.places.enter(call.deployment.counterPrefix)
  if (place === undefined) {
    answerStepProblem(call, known('unavailable').problem, parts)
    return
  }
  using held = new DisposableStack()
  held.use(place)
  using clock = new RunClock(call.timeoutMs)
  response.on('close', clock.callerGone)
  if (response.destroyed) clock.callerGone()
  const result = await resultOf(call, compiled, parts, place, clock.signal)
  if (result === 'gone' || response.destroyed) parts.exchange.count('caller_gone')
  else if ('problem' in result) answerStepProblem(call, result.problem, parts)
  else if (compiled.closing === null) {
    parts.exchange.count('responded')
    answerMessage(call, result.message)
  } else {
    const { content, message } = result
    if (content !== null) {
      // What was read is in memory until it has been sent on.
      const kept = held.move()
      response.on('close', () => kept.dispose())
    }
    const passedOn = { ...call, identity: message.identity, content, timeoutMs: clock.remainingMs }
    new ProxyExchange(passedOn, compiled.closing, parts.exchange).start()
  }
}

async function resultOf(
  call: Call,
  compiled: CompiledRun,
  parts: RunParts,
  place: RunPlace,
  signal: AbortSignal,
): Promise<RequestMessage | { readonly problem: StepProblem } | 'gone'> {
  const { request, requestId, deployment, snapshot, environment, pattern } = call
  const steps = runnableSteps(compiled)
  const bodyIsSeen = compiled.closing === null || steps.some((step) => step.seesMessage)
  const read = await requestMessage(call, bodyIsSeen, place, signal)
  if (read === 'gone' || 'problem' in read) return read
  const address = (): string => parts.exchange.proxies.clientAddress(request)
  const run = { tools: parts.tools, snapshot, environment, deployment, requestId, pattern, address, signal }
  const outcome = await runSteps(steps, read.message, run)
  if (outcome === 'gone' || 'problem' in outcome) return outcome
  // Where nothing is passed on, the message is all that is needed.
  return { message: outcome.message, content: compiled.closing === null ? null : read.content }
}

function answerStepProblem(call: Call, problem: StepProblem, { exchange }: RunParts): void {
  const { response, requestId } = call
  const headers = callHeaders(call)
  if (problem.kind === 'own') {
    exchange.count('asserted')
    answerOwnProblem(response, problem, requestId, headers)
    return
  }
  exchange.count(problem.code)
  if (problem.code === 'request_timeout') response.shouldKeepAlive = false
  answerProblem(response, problem.code, requestId, headers, problem.details)
}

function ignore(): void {
  // See where it is used.
}
