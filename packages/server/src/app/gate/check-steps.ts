import { jsonPointer, type PipelineSpec, type Violation } from '@sallyport/core'
import { isExposing } from '@sallyport/core'

/** Steps after which no other runs, since they have answered the caller. */
const LAST_STEPS: ReadonlySet<string> = new Set(['proxy', 'respond'])

/** What is wrong with the order of a version's steps, and with what they are there for. */
export function stepViolations({ trigger, steps }: PipelineSpec, environment: string): Violation[] {
  const violations: Violation[] = []
  const last = steps.findIndex((step) => LAST_STEPS.has(step.kind))
  for (const [index, step] of steps.entries()) {
    if (last !== -1 && index > last) {
      violations.push({
        rule: 'step-unreachable',
        environment,
        path: jsonPointer('steps', index),
        required: `${steps[last]?.kind ?? 'the answer'} as the last step`,
        found: `${step.kind} after it`,
        fix: `Move ${step.kind} before it, or remove it.`,
      })
    }
    if (step.kind === 'proxy' && !isExposing(trigger.kind)) {
      violations.push({
        rule: 'step-needs-caller',
        environment,
        path: jsonPointer('steps', index, 'proxy'),
        required: 'a trigger with a caller, whose request is passed on',
        found: `trigger.kind: ${trigger.kind}`,
        fix: 'Use call in a schedule: there is no request to pass on.',
      })
    }
  }
  return violations
}
