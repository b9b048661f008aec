import { admittedResponseHeaders, endAdmitted, type AdmittedRequest } from '../deployment/admitted-request.ts'
import type { Compressors } from '../compression/compressors.ts'
import type { CompiledRun } from '../deployment/compiled-step.ts'
import type { OpenExchanges } from '../exchanges/open-exchanges.ts'
import type { ExchangeDeps } from '../proxy/exchange-deps.ts'
import { ProxyExchange } from '../proxy/proxy-exchange.ts'
import { renderResponse } from '../message/rendered-response.ts'
import { limitSending } from '../../connections/sending-limit.ts'
import { entryOf } from '../response/gateway-response.ts'
import { sendAuthorProblem, sendProblem } from '../response/problem-response.ts'
import { runnableSteps } from '../steps/runnable-steps.ts'
import { stepProblem, type StepDeps, type StepProblem } from '../steps/step.ts'
import { requestMessage, type RequestMessage } from './request-message.ts'
import { RunClock } from './run-clock.ts'
import type { RunSlot, RunSlots } from './run-slots.ts'
import { runSteps } from './run-steps.ts'
import { sendRendered } from './send-message.ts'

/** What all runs of a gateway share. */
export interface RunDeps {
  readonly steps: StepDeps
  readonly slots: RunSlots
  readonly exchanges: OpenExchanges
  readonly exchange: ExchangeDeps
  readonly compressors: Compressors
}

/**
 * Runs a request through the steps of its pipeline and sends the response. One timer covers the whole run, from the
 * first byte of the body.
 *
 * @throws unexpected errors, as a rejection, before any response was sent
 */
export async function runRequest(
  admitted: AdmittedRequest,
  compiled: CompiledRun,
  deps: RunDeps,
): Promise<void> {
  const { response } = admitted
  // A write can fail while the caller disconnects; the close event reports that.
  response.on('error', ignore)
  const slot = deps.slots.acquire(admitted.deployment.tenant)
  if (slot === undefined) {
    sendStepProblem(admitted, stepProblem('unavailable').problem)
    return
  }
  using held = new DisposableStack()
  held.use(slot)
  using clock = new RunClock(admitted.timeoutMs)
  response.on('close', clock.callerGone)
  const { exchange } = admitted
  exchange.owner = {
    cut: (reason) => {
      clock.cut()
      endAdmitted(admitted, reason)
    },
    heldTooLong: () => clock.heldTooLong(),
  }
  if (response.destroyed) clock.callerGone()
  const result = await resultOf(admitted, compiled, deps, slot, clock.signal)
  if (exchange.cutReason !== null) return
  if (result === 'caller_gone' || response.destroyed) return
  if ('problem' in result) sendStepProblem(admitted, result.problem)
  else if (compiled.closing === null) {
    const rendered = renderResponse(result.message, admitted.deployment.responseRules)
    if (!slot.hold(Buffer.byteLength(rendered.content ?? ''))) {
      sendStepProblem(admitted, stepProblem('unavailable').problem)
      return
    }
    sendRendered(admitted, rendered)
    // The response stays in memory, and counted, until the caller has read it.
    const kept = held.move()
    limitSending(response, admitted.timeoutMs, () => kept.dispose())
  } else {
    const { content, message } = result
    if (content !== null) {
      // The content stays in memory, and counted, until it has been sent to the upstream.
      const kept = held.move()
      response.on('close', () => kept.dispose())
    }
    const { identity, token } = message
    const forwarded = { ...admitted, identity, token, content, timeoutMs: clock.remainingMs }
    new ProxyExchange(forwarded, compiled.closing, deps.exchange).start()
  }
}

async function resultOf(
  admitted: AdmittedRequest,
  compiled: CompiledRun,
  deps: RunDeps,
  slot: RunSlot,
  signal: AbortSignal,
): Promise<RequestMessage | { readonly problem: StepProblem } | 'caller_gone'> {
  const { request, requestId, exchange, deployment, environment, pattern } = admitted
  const steps = runnableSteps(compiled)
  const readsBody =
    compiled.closing === null ||
    steps.some((step) => step.readsMessage) ||
    admitted.requestRules?.describesBody === true
  const read = await requestMessage(admitted, readsBody, slot, deps.exchange.proxies.sent(request), signal)
  if (read === 'caller_gone' || 'problem' in read) return read
  const address = (): string => deps.exchange.proxies.clientAddress(request)
  const entry = entryOf(admitted.response)
  const run = {
    deps: deps.steps,
    environment,
    deployment,
    exchange,
    entry,
    trace: entry?.trace ?? null,
    requestId,
    pattern,
    address,
    signal,
  }
  const outcome = await runSteps(steps, read.message, run)
  if (outcome === 'caller_gone' || 'problem' in outcome) return outcome
  // Only a closing proxy needs the original content.
  return { message: outcome.message, content: compiled.closing === null ? null : read.content }
}

function sendStepProblem(admitted: AdmittedRequest, problem: StepProblem): void {
  const { response, requestId } = admitted
  const headers = admittedResponseHeaders(admitted)
  if (problem.kind === 'author') {
    sendAuthorProblem(response, problem, requestId, headers)
    return
  }
  if (problem.code === 'request_timeout') response.shouldKeepAlive = false
  sendProblem(response, problem.code, requestId, headers, problem.details)
}

function ignore(): void {
  // Nothing to do.
}
