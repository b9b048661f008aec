import { plain } from './about.ts'
import { childOf, schemaAt } from './walk.ts'
import { STEP_KINDS, type StepKind } from '../spec/step-templates.ts'

/** Every kind of step, with what it is for. */
export const STEP_MEANINGS: readonly { readonly kind: StepKind; readonly meaning: string }[] = STEP_KINDS.map(
  (kind) => {
    const step = schemaAt({}, ['steps', 0])
    return { kind, meaning: plain(step === undefined ? undefined : childOf(step, kind)?.description) }
  },
)
