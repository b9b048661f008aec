import { jsonPointer, type PipelineSpec, type Violation } from '@sallyport/core'
import { isExposing } from '@sallyport/core'

/** Steps that respond to the caller, so that no step runs after them. */
const LAST_STEPS: ReadonlySet<string> = new Set(['proxy', 'respond'])

/** The problems of the order of a version's steps, and of steps that need a caller. */
export function stepViolations({ trigger, steps }: PipelineSpec, environment: string): Violation[] {
  const violations: Violation[] = []
  let last: string | undefined
  for (const [index, step] of steps.entries()) {
    if (last !== undefined) {
      violations.push({
        rule: 'step-unreachable',
        environment,
        path: jsonPointer('steps', index),
        required: `${last} as the last step`,
        found: `${step.kind} after it`,
        fix: `Move ${step.kind} before it, or remove it.`,
      })
    }
    if (LAST_STEPS.has(step.kind)) last ??= step.kind
    if (step.kind === 'proxy' && !isExposing(trigger.kind)) {
      violations.push({
        rule: 'step-needs-caller',
        environment,
        path: jsonPointer('steps', index, 'proxy'),
        required: 'a trigger with a caller, whose request is forwarded',
        found: `trigger.kind: ${trigger.kind}`,
        fix: 'Use call instead: a schedule has no request to forward.',
      })
    }
  }
  return violations
}
