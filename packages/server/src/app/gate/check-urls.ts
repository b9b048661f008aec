import {
  jsonPointer,
  type CallStep,
  type PipelineSpec,
  type ProxyStep,
  type Trigger,
  type Violation,
} from '@sallyport/core'
import {
  headerTemplateParameters,
  headerTemplateSecrets,
  isExposing,
  parseHeaderTemplate,
  parseUrlTemplate,
  routePathParameters,
  urlTemplateParameters,
  urlTemplateSecrets,
} from '@sallyport/core'

interface Surroundings {
  readonly trigger: Trigger
  readonly environment: string
  readonly secretNames: ReadonlySet<string>
}

/** A URL or a header's value, as far as the gate looks at it. */
interface Template {
  readonly path: string
  /** How a refusal calls it. */
  readonly name: 'URL' | 'header'
  readonly problems: readonly string[]
  /** Without anything that may be a credential. */
  readonly shown: string
  readonly parameters: readonly string[]
  readonly secrets: readonly string[]
}

/**
 * What is wrong with where the steps of a version send requests, and with the headers that they send.
 *
 * @param secretNames what the environment has
 */
export function urlViolations(
  { trigger, steps }: PipelineSpec,
  environment: string,
  secretNames: ReadonlySet<string>,
): Violation[] {
  return steps.flatMap((step, index) =>
    step.kind === 'proxy' || step.kind === 'call'
      ? templatesOf(step, index).flatMap((template) =>
          templateViolations(template, { trigger, environment, secretNames }),
        )
      : [],
  )
}

/** The secrets that the steps of a version name. */
export function secretsNamedIn({ steps }: Pick<PipelineSpec, 'steps'>): ReadonlySet<string> {
  return new Set(
    steps.flatMap((step, index) =>
      step.kind === 'proxy' || step.kind === 'call'
        ? templatesOf(step, index).flatMap(({ secrets }) => secrets)
        : [],
    ),
  )
}

function templatesOf(step: ProxyStep | CallStep, index: number): Template[] {
  const url = parseUrlTemplate(step.url)
  return [
    {
      path: jsonPointer('steps', index, step.kind, 'url'),
      name: 'URL',
      problems: url.problems,
      shown: shownUrl(step.url),
      parameters: url.template === undefined ? [] : urlTemplateParameters(url.template),
      secrets: url.template === undefined ? [] : urlTemplateSecrets(url.template),
    },
    ...Object.entries(step.headers).map(([header, value]): Template => {
      const { template, problems } = parseHeaderTemplate(value)
      return {
        path: jsonPointer('steps', index, step.kind, 'headers', header),
        name: 'header',
        problems,
        shown: `the header ${header}`,
        parameters: template === undefined ? [] : headerTemplateParameters(template),
        secrets: template === undefined ? [] : headerTemplateSecrets(template),
      }
    }),
  ]
}

function templateViolations(
  { path, name, problems, shown, parameters, secrets }: Template,
  { trigger, environment, secretNames }: Surroundings,
): Violation[] {
  const violation = (rule: string, required: string, found: string, fix: string): Violation => ({
    rule,
    environment,
    path,
    required,
    found,
    fix,
  })
  return [
    ...problems.map((problem) =>
      violation(name === 'URL' ? 'url-invalid' : 'header-invalid', problem, shown, `Correct the ${name}.`),
    ),
    ...parameters.flatMap((parameter) => {
      const place = parameter === '*' ? '*' : `:${parameter}`
      const lack = lackOf(place, parameter, trigger)
      if (lack === undefined) return []
      return violation(
        name === 'URL' ? 'url-parameter-unknown' : 'header-parameter-unknown',
        `${place} in every path of the trigger`,
        lack,
        isExposing(trigger.kind)
          ? `Add ${place} to the path, or take {${parameter}} out of the ${name}.`
          : `Take {${parameter}} out of the ${name}: a schedule has no path.`,
      )
    }),
    ...secrets
      .filter((secret) => !secretNames.has(secret))
      .map((secret) =>
        violation(
          'secret-unknown',
          'secrets that the environment has',
          `no secret "${secret}" in ${environment}`,
          `Set the secret "${secret}" in ${environment}, or take {secrets.${secret}} out of the ${name}.`,
        ),
      ),
  ]
}

/** Which paths do not have a parameter, or undefined where each of them has. */
function lackOf(place: string, parameter: string, { kind, paths }: Trigger): string | undefined {
  if (!isExposing(kind)) return `trigger.kind: ${kind}, which has no path`
  const lacking = paths.filter((route) => !routePathParameters(route).includes(parameter))
  return lacking.length === 0 ? undefined : `no ${place} in ${lacking.join(', ')}`
}

/** A URL without the places where people put credentials: user name, password and query. */
function shownUrl(url: string): string {
  return url.replace(/[?#][^]*$/, '?…').replace(/^([^/]*\/\/)[^]*@/, '$1…@')
}
