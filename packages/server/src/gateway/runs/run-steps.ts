import { Problem } from '@sallyport/core'
import { CallerGone } from '../request/request-body.ts'
import type { Message } from '../message/message.ts'
import { known, type Run, type RunnableStep, type StepOutcome } from '../steps/step.ts'
import { stepFailed } from '../steps/step-failure.ts'

/**
 * Runs steps in order over a message. The first problem ends it; so does the end of the run's time, wherever it is.
 *
 * @returns the message after the last step, or why it did not get there; `gone` where nobody waits any more
 * @throws what nobody expected, as a rejection
 */
export async function runSteps(
  steps: readonly RunnableStep[],
  first: Message,
  run: Run,
): Promise<StepOutcome | 'gone'> {
  const { signal } = run
  const over = new Promise<null>((resolve) => {
    if (signal.aborted) resolve(null)
    else signal.addEventListener('abort', () => resolve(null), { once: true })
  })
  let message = first
  for (const step of steps) {
    // A step that is left behind ends by the same signal, or by the bounds of what it waits for.
    const outcome = await Promise.race([over, runStep(step, message, run)])
    if (outcome === null) {
      if (signal.reason instanceof CallerGone) return 'gone'
      return step.callsUpstream ? known('upstream_timeout') : stepFailed(run, step.place, 'timeout')
    }
    if ('problem' in outcome) return outcome
    message = outcome.message
  }
  return { message }
}

/** An outage of ours is a problem like any other. */
async function runStep(step: RunnableStep, message: Message, run: Run): Promise<StepOutcome> {
  try {
    return await step.run(message, run)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const { organization, environment, pipeline } = run.deployment.record
    run.tools.logger.error(
      { requestId: run.requestId, organization, environment, pipeline, place: step.place, err: error },
      'a step cannot be run right now',
    )
    return known(error.code, { detail: error.detail, extensions: error.extensions })
  }
}
