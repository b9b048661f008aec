import { stepProblem, type Run, type StepProblem } from './step.ts'

/** How a step failed. It never contains data of the message. */
export type FailureReason = 'error' | 'timeout' | 'memory' | 'too_large' | 'number' | 'value'

/**
 * The problem of a step that failed because of the pipeline itself. The caller learns which step failed and how. The log
 * has the same with more detail, but no data of the message.
 *
 * @param pointer the location in the spec, as a JSON Pointer
 * @param detail for the log, without data of the message
 */
export function stepFailure(
  run: Run,
  pointer: string,
  reason: FailureReason,
  detail?: string,
): { readonly problem: StepProblem } {
  const { organization, environment, pipeline, version } = run.deployment.record
  run.deps.logger.error(
    {
      requestId: run.requestId,
      organization,
      environment,
      pipeline,
      version,
      place: pointer,
      reason,
      detail,
    },
    'a step failed',
  )
  return stepProblem('step_failed', {
    detail: `The step at ${pointer} failed: ${REASONS[reason]}. Give the owner of the pipeline the \`x-request-id\` of this response.`,
    extensions: { place: pointer, reason },
  })
}

const REASONS: Readonly<Record<FailureReason, string>> = {
  error: 'its expression cannot be evaluated for this message',
  timeout: 'it took too long',
  memory: 'it needed too much memory',
  too_large: 'its result is too large',
  number: 'its expression would change a number, which is too long or too large to compute with',
  value: 'its expression returned a value that is not allowed there',
}
