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

interface TemplateScope {
  readonly trigger: Trigger
  readonly environment: string
  readonly secretNames: ReadonlySet<string>
}

/** A parsed URL or header value. */
interface Template {
  readonly path: string
  /** Its name in a violation. */
  readonly name: 'URL' | 'header'
  readonly problems: readonly string[]
  /** Its text without possible credentials. */
  readonly shown: string
  readonly parameters: readonly string[]
  readonly secrets: readonly string[]
}

/**
 * The problems of the URLs and headers that the steps of a version send to upstreams.
 *
 * @param secretNames the secrets of the environment
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

/** The names of the secrets that the steps of a version use. */
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
  { trigger, environment, secretNames }: TemplateScope,
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
      const segment = parameter === '*' ? '*' : `:${parameter}`
      const missing = missingParameter(segment, parameter, trigger)
      if (missing === undefined) return []
      return violation(
        name === 'URL' ? 'url-parameter-unknown' : 'header-parameter-unknown',
        `${segment} in every path of the trigger`,
        missing,
        isExposing(trigger.kind)
          ? `Add ${segment} to every path, or remove {${parameter}} from the ${name}.`
          : `Remove {${parameter}} from the ${name}: a schedule has no path.`,
      )
    }),
    ...secrets
      .filter((secret) => !secretNames.has(secret))
      .map((secret) =>
        violation(
          'secret-unknown',
          'only secrets that exist in the environment',
          `no secret "${secret}" in ${environment}`,
          `Set the secret "${secret}" in ${environment}, or remove {secrets.${secret}} from the ${name}.`,
        ),
      ),
  ]
}

/** The paths without a parameter, as text for a violation; undefined if every path has it. */
function missingParameter(segment: string, parameter: string, { kind, paths }: Trigger): string | undefined {
  if (!isExposing(kind)) return `trigger.kind: ${kind}, which has no path`
  const without = paths.filter((route) => !routePathParameters(route).includes(parameter))
  return without.length === 0 ? undefined : `no ${segment} in ${without.join(', ')}`
}

/**
 * A URL without the parts that often contain credentials: its query, and after an "@", which can be anywhere in a URL
 * that is not valid, everything but the scheme.
 */
function shownUrl(url: string): string {
  if (url.includes('@')) return `${/^[a-z]+:\/\//i.exec(url)?.[0] ?? ''}…`
  return url.replace(/[?#][^]*/, '?…')
}
