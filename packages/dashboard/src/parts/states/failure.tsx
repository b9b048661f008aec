import { isStepUpRequired } from '../../data/failures.ts'
import { FailureNote, type FailureProps } from './failure-note.tsx'
import { StepUp } from './step-up.tsx'

/**
 * What a page or a dialog shows instead of what could not be read or done. Where the person must first confirm who they
 * are, it asks for that, and then tries again.
 */
export function Failure({ error, retry, isReading }: FailureProps) {
  if (retry !== undefined && isStepUpRequired(error)) return <StepUp error={error} onConfirmed={retry} />
  return <FailureNote error={error} retry={retry} isReading={isReading} />
}
