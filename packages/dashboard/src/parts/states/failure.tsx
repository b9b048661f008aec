import { isStepUpRequired } from '../../data/failures.ts'
import type { OvertakenEdit } from '../edits/use-edit.ts'
import { FailureNote, type FailureProps } from './failure-note.tsx'
import { OvertakenNote } from './overtaken-note.tsx'
import { StepUp } from './step-up.tsx'

interface Props extends FailureProps {
  /** What another person has made of what a form changes. */
  readonly overtaken?: OvertakenEdit | undefined
}

/**
 * What a page or a dialog shows instead of what could not be read or done. Where the person must first confirm who they
 * are, it asks for that, and then tries again.
 */
export function Failure({ error, retry, isReading, overtaken }: Props) {
  if (overtaken !== undefined) return <OvertakenNote edit={overtaken} />
  if (retry !== undefined && isStepUpRequired(error)) return <StepUp error={error} onConfirmed={retry} />
  return <FailureNote error={error} retry={retry} isReading={isReading} />
}
