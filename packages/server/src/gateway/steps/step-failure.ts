import { known, type Run, type StepProblem } from './step.ts'

/** In which way a step failed; never what it failed on. */
export type FailureReason = 'error' | 'timeout' | 'memory' | 'too_large' | 'value'

/**
 * A step that failed by the pipeline's own fault. The caller learns where and in which way; the log the same and what
 * helps an operator, but nothing of the message.
 *
 * @param place a JSON Pointer into the spec
 * @param detail for the log, with nothing of the message in it
 */
export function stepFailed(
  run: Run,
  place: string,
  reason: FailureReason,
  detail?: string,
): { readonly problem: StepProblem } {
  const { organization, environment, pipeline, version } = run.deployment.record
  run.tools.logger.error(
    { requestId: run.requestId, organization, environment, pipeline, version, place, reason, detail },
    'a step failed',
  )
  return known('step_failed', {
    detail: `The step at ${place} failed: ${REASONS[reason]}. Give the operator the \`x-request-id\` of this answer.`,
    extensions: { place, reason },
  })
}

const REASONS: Readonly<Record<FailureReason, string>> = {
  error: 'its expression cannot be evaluated over this message',
  timeout: 'it took too long',
  memory: 'it took too much memory',
  too_large: 'what it made is too large',
  value: 'its expression gave a value that does not fit there',
}
