import type { PipelineSpec, ProxyStep, Violation } from '@sallyport/core'
import { isExposing, parseUrlTemplate, routePathParameters, urlTemplateParameters } from '@sallyport/core'

/** Steps after which no other runs, since they have answered the caller. */
const LAST_STEPS: ReadonlySet<string> = new Set(['proxy', 'respond'])

const SECRET_PLACE = /\{secrets\.([^{}]*)\}/g

/** What is wrong with the steps of a version. */
export function stepViolations(spec: PipelineSpec, environment: string): Violation[] {
  const { trigger, steps } = spec
  const violations: Violation[] = []
  if (isExposing(trigger.kind) && !steps.some((step) => LAST_STEPS.has(step.kind))) {
    violations.push({
      rule: 'answer-missing',
      environment,
      path: '/steps',
      required: 'a step that answers the caller',
      found: steps.length === 0 ? 'no steps' : `steps: ${steps.map((step) => step.kind).join(', ')}`,
      fix: 'End the steps with proxy or respond.',
    })
  }
  if (!isExposing(trigger.kind) && trigger.schedule === null) {
    violations.push({
      rule: 'schedule-missing',
      environment,
      path: '/trigger/schedule',
      required: 'a schedule',
      found: 'none',
      fix: 'Say when the pipeline runs, such as schedule: "*/5 * * * *".',
    })
  }
  const last = steps.findIndex((step) => LAST_STEPS.has(step.kind))
  for (const [index, step] of steps.entries()) {
    const path = `/steps/${index}`
    if (last !== -1 && index > last) {
      violations.push({
        rule: 'step-unreachable',
        environment,
        path,
        required: `${steps[last]?.kind ?? 'the answer'} as the last step`,
        found: `${step.kind} after it`,
        fix: `Move ${step.kind} before it, or remove it.`,
      })
    }
    if (step.kind === 'proxy') violations.push(...proxyViolations(step, `${path}/proxy`, spec, environment))
  }
  return violations
}

function proxyViolations(
  step: ProxyStep,
  path: string,
  { trigger }: PipelineSpec,
  environment: string,
): Violation[] {
  const violations: Violation[] = []
  const invalid = (rule: string, at: string, required: string, found: string, fix: string): void => {
    violations.push({ rule, environment, path: `${path}/${at}`, required, found, fix })
  }
  if (!isExposing(trigger.kind)) {
    violations.push({
      rule: 'step-needs-caller',
      environment,
      path,
      required: 'a trigger with a caller, whose request is passed on',
      found: `trigger.kind: ${trigger.kind}`,
      fix: 'Use another step in a schedule: there is no request to pass on.',
    })
  }
  const { template, problems } = parseUrlTemplate(step.url)
  for (const problem of problems)
    invalid('url-invalid', 'url', problem, shownUrl(step.url), 'Correct the URL.')
  const names = template === undefined ? [] : urlTemplateParameters(template)
  for (const name of names) {
    const lacking = trigger.paths.filter((route) => !routePathParameters(route).includes(name))
    if (lacking.length === 0) continue
    const place = name === '*' ? '*' : `:${name}`
    invalid(
      'url-parameter-unknown',
      'url',
      `${place} in every path of the trigger`,
      `no ${place} in ${lacking.join(', ')}`,
      `Add ${place} to the path, or take {${name}} out of the URL.`,
    )
  }
  for (const [header, value] of Object.entries(step.headers)) {
    for (const [, secret = ''] of value.matchAll(SECRET_PLACE)) {
      invalid(
        'secret-unknown',
        `headers/${header.replaceAll('~', '~0').replaceAll('/', '~1')}`,
        'secrets that the environment has',
        `no secret "${secret}"`,
        `Take {secrets.${secret}} out of the header: ${environment} has no secret of that name.`,
      )
    }
  }
  return violations
}

/** A URL without the places where people put credentials: user name, password and query. */
function shownUrl(url: string): string {
  return url.replace(/[?#][^]*$/, '?…').replace(/^([^/]*\/\/)[^]*@/, '$1…@')
}
