import { Problem } from '@sallyport/core'
import type { Message } from '../message/message.ts'
import { untilMayPass } from '../request/passage.ts'
import { CallerGone } from '../request/request-body.ts'
import { stepProblem, type Run, type RunnableStep, type StepOutcome } from '../steps/step.ts'
import { stepFailure } from '../steps/step-failure.ts'

/**
 * Runs steps in order. The first problem ends the run, and so does the run's signal. Before each step and after the last
 * one, the run waits while nothing of its request may pass.
 *
 * @returns the message after the last step, or why the run ended early
 * @throws unexpected errors, as a rejection
 */
export async function runSteps(
  steps: readonly RunnableStep[],
  first: Message,
  run: Run,
): Promise<StepOutcome | 'caller_gone'> {
  const { signal, exchange } = run
  const aborted = new Promise<null>((resolve) => {
    if (signal.aborted) resolve(null)
    else signal.addEventListener('abort', () => resolve(null), { once: true })
  })
  let message = first
  for (const step of steps) {
    // An abandoned step ends by the same signal, or by the limits of what it waits for.
    const outcome = await Promise.race([aborted, runStep(step, message, run)])
    if (outcome === null) {
      if (signal.reason instanceof CallerGone) return 'caller_gone'
      if (signal.reason instanceof Problem || !exchange.mayPass()) return stepProblem('snapshot_stale')
      return step.callsUpstream ? stepProblem('upstream_timeout') : stepFailure(run, step.pointer, 'timeout')
    }
    if ('problem' in outcome) return outcome
    message = outcome.message
  }
  if (exchange.mayPass()) return { message }
  return await untilMayPass(exchange, signal).then(
    () => ({ message }),
    () => (signal.reason instanceof CallerGone ? 'caller_gone' : stepProblem('snapshot_stale')),
  )
}

/** Runs one step. An outage, thrown as a Problem, becomes the outcome. */
async function runStep(step: RunnableStep, message: Message, run: Run): Promise<StepOutcome> {
  try {
    if (!run.exchange.mayPass()) await untilMayPass(run.exchange, run.signal)
    return await step.run(message, run)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const { organization, environment, pipeline } = run.deployment.record
    run.deps.logger.error(
      {
        requestId: run.requestId,
        organization,
        environment,
        pipeline,
        place: step.pointer,
        err: error,
      },
      'a step cannot run right now',
    )
    return stepProblem(error.code, { detail: error.detail, extensions: error.extensions })
  }
}
