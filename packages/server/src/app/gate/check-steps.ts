import {
  headerTemplateRunValues,
  isExposing,
  jsonPointer,
  parseHeaderTemplate,
  ruleTemplates,
  type PipelineSpec,
  type Step,
  type Violation,
} from '@sallyport/core'

/** Steps that respond to the caller, so that no step runs after them. */
const LAST_STEPS: ReadonlySet<string> = new Set(['proxy', 'respond'])

/** The problems of the order of a version's steps, and of steps that need a caller. */
export function stepViolations({ trigger, steps }: PipelineSpec, environment: string): Violation[] {
  const violations: Violation[] = []
  let last: string | undefined
  let hasToken = false
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
    if (step.kind === 'oauth.token') hasToken = true
    for (const header of hasToken ? [] : headersWithToken(step)) {
      violations.push({
        rule: 'oauth-token-missing',
        environment,
        path: jsonPointer('steps', index, step.kind, 'headers', header),
        required: 'a step oauth.token before the use of its token',
        found: `{oauth.token} in the header ${header}, and no such step before`,
        fix: 'Add a step oauth.token before this one, or remove {oauth.token} from the header.',
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

/** The headers of a step that send the token of an `oauth.token` step. */
function headersWithToken(step: Step): string[] {
  if (step.kind !== 'proxy' && step.kind !== 'call') return []
  return Object.entries(step.headers).flatMap(([name, rule]) =>
    ruleTemplates(rule).some(({ text }) => sendsToken(text)) ? [name] : [],
  )
}

function sendsToken(text: string): boolean {
  const { template } = parseHeaderTemplate(text)
  return template !== undefined && headerTemplateRunValues(template).includes('oauth.token')
}
