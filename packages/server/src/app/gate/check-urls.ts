import {
  jsonPointer,
  type PipelineSpec,
  type Step,
  type Trigger,
  type UrlTemplate,
  type Violation,
} from '@sallyport/core'
import {
  bindHeaderVariables,
  bindUrlVariables,
  headerTemplateParameters,
  headerTemplateSecrets,
  headerTemplateVariables,
  isExposing,
  parseHeaderTemplate,
  parseUrlTemplate,
  routePathParameters,
  ruleTemplates,
  TLS_MATERIAL,
  tlsSecret,
  WHOLE_PATH,
  urlTemplateParameters,
  urlTemplateSecrets,
  urlTemplateVariables,
} from '@sallyport/core'

interface TemplateScope {
  readonly trigger: Trigger
  readonly environment: string
  readonly secretNames: ReadonlySet<string>
  readonly variables: ReadonlyMap<string, string>
}

/** A parsed URL, value of a header, or text of another field. */
interface Template {
  readonly path: string
  /** Its name in a violation. */
  readonly name: 'URL' | 'header' | 'field'
  readonly problems: readonly string[]
  /** Its text without possible credentials. */
  readonly shown: string
  readonly parameters: readonly string[]
  readonly secrets: readonly string[]
  readonly variables: readonly string[]
  /** Why its variables cannot be used with these values; undefined if they can. */
  readonly bindingProblem: (values: ReadonlyMap<string, string>) => string | undefined
}

/**
 * The problems of the URLs and headers that the steps of a version send to upstreams.
 *
 * @param secretNames the secrets of the environment
 * @param variables the values of its variables, by name
 */
export function urlViolations(
  { trigger, steps }: PipelineSpec,
  environment: string,
  secretNames: ReadonlySet<string>,
  variables: ReadonlyMap<string, string>,
): Violation[] {
  return steps.flatMap((step, index) =>
    templatesOf(step, index).flatMap((template) =>
      templateViolations(template, { trigger, environment, secretNames, variables }),
    ),
  )
}

/** The names of the secrets that the steps of a version use. */
export function secretsNamedIn(spec: Pick<PipelineSpec, 'steps'>): ReadonlySet<string> {
  return new Set(allTemplates(spec).flatMap(({ secrets }) => secrets))
}

/** The names of the variables that the steps of a version use. */
export function variablesNamedIn(spec: Pick<PipelineSpec, 'steps'>): ReadonlySet<string> {
  return new Set(allTemplates(spec).flatMap(({ variables }) => variables))
}

/**
 * The URLs and headers of a version whose variables cannot be used with these values.
 *
 * @returns the names of the variables of each
 */
export function unboundVariables(
  spec: Pick<PipelineSpec, 'steps'>,
  values: ReadonlyMap<string, string>,
): { readonly names: readonly string[] }[] {
  return allTemplates(spec)
    .filter(({ variables, bindingProblem }) => variables.length > 0 && bindingProblem(values) !== undefined)
    .map(({ variables }) => ({ names: variables }))
}

function allTemplates({ steps }: Pick<PipelineSpec, 'steps'>): Template[] {
  return steps.flatMap(templatesOf)
}

function templatesOf(step: Step, index: number): Template[] {
  if (step.kind === 'oauth.token') {
    const { tokenUrl, clientId, clientSecret, audience } = step
    return [
      urlTemplate(tokenUrl, jsonPointer('steps', index, step.kind, 'tokenUrl')),
      ...Object.entries({ clientId, clientSecret, audience: audience ?? '' }).map(([field, text]) =>
        textTemplate(text, 'field', field, jsonPointer('steps', index, step.kind, field)),
      ),
    ]
  }
  if (step.kind !== 'proxy' && step.kind !== 'call') return []
  return [
    urlTemplate(step.url, jsonPointer('steps', index, step.kind, 'url')),
    ...(step.targets ?? []).map(({ origin }, target) =>
      urlTemplate(origin, jsonPointer('steps', index, step.kind, 'targets', target, 'origin')),
    ),
    ...TLS_MATERIAL.flatMap((field) => {
      const text = step.tls?.[field] ?? null
      if (text === null || tlsSecret(text) === undefined) return []
      return textTemplate(text.trim(), 'field', field, jsonPointer('steps', index, step.kind, 'tls', field))
    }),
    ...Object.entries(step.headers).flatMap(([header, rule]) =>
      ruleTemplates(rule).map(({ text, at }) =>
        textTemplate(
          text,
          'header',
          header,
          jsonPointer('steps', index, step.kind, 'headers', header, ...at),
        ),
      ),
    ),
  ]
}

function urlTemplate(text: string, path: string): Template {
  const { template, problems } = parseUrlTemplate(text)
  return {
    path,
    name: 'URL',
    problems: template === undefined ? problems : originProblems(template),
    shown: shownUrl(text),
    parameters: template === undefined ? [] : urlTemplateParameters(template),
    secrets: template === undefined ? [] : urlTemplateSecrets(template),
    variables: template === undefined ? [] : urlTemplateVariables(template),
    bindingProblem: (values) => template && urlBindingProblem(template, values),
  }
}

function textTemplate(text: string, name: 'header' | 'field', of: string, path: string): Template {
  const { template, problems } = parseHeaderTemplate(text)
  return {
    path,
    name,
    problems,
    shown: `the ${name} ${of}`,
    parameters: template === undefined ? [] : headerTemplateParameters(template),
    secrets: template === undefined ? [] : headerTemplateSecrets(template),
    variables: template === undefined ? [] : headerTemplateVariables(template),
    bindingProblem: (values) => template && bindHeaderVariables(template, values).problem,
  }
}

function urlBindingProblem(url: UrlTemplate, values: ReadonlyMap<string, string>): string | undefined {
  const { template, problem } = bindUrlVariables(url, values)
  return template === undefined ? problem : originProblems(template)[0]
}

/**
 * The problem of a host that the gateway's HTTP client cannot call. Its URL parser (WHATWG URL, section 3.5) takes a host
 * whose last label is a number for an IPv4 address. Empty while variables of the host are not filled in.
 */
function originProblems({ origin, authority }: UrlTemplate): readonly string[] {
  if (authority.some(({ kind }) => kind !== 'text') || URL.canParse(origin)) return []
  return [
    'The host looks like an IP address and is none: write four numbers from 0 to 255, or an IPv6 address in brackets.',
  ]
}

function templateViolations(
  template: Template,
  { trigger, environment, secretNames, variables }: TemplateScope,
): Violation[] {
  const { path, name, problems, shown, parameters, secrets } = template
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
    ...variableProblems(template, environment, variables).map(({ rule, required, found, fix }) =>
      violation(rule, required, found, fix),
    ),
  ]
}

/** A violation for each variable that is missing; otherwise one if the values do not fit where they are used. */
function variableProblems(
  { name, variables: used, bindingProblem }: Template,
  environment: string,
  values: ReadonlyMap<string, string>,
): Pick<Violation, 'rule' | 'required' | 'found' | 'fix'>[] {
  const missing = used.filter((variable) => !values.has(variable))
  if (missing.length > 0) {
    return missing.map((variable) => ({
      rule: 'variable-unknown',
      required: 'only variables that exist in the environment',
      found: `no variable "${variable}" in ${environment}`,
      fix: `Set the variable "${variable}" in ${environment}, or remove {vars.${variable}} from the ${name}.`,
    }))
  }
  const problem = used.length === 0 ? undefined : bindingProblem(values)
  if (problem === undefined) return []
  const listed = used.map((variable) => `"${variable}"`).join(', ')
  return [
    {
      rule: 'variable-unusable',
      required: `values in ${environment} that can be used in this ${name}`,
      found: problem,
      fix: `Correct the variables ${listed} in ${environment}, or change the ${name}.`,
    },
  ]
}

/**
 * The paths without a parameter, as text for a violation; undefined if every path has it, or if it is the whole path because
 * no path has a parameter of this name.
 */
function missingParameter(segment: string, parameter: string, { kind, paths }: Trigger): string | undefined {
  if (!isExposing(kind)) return `trigger.kind: ${kind}, which has no path`
  const without = paths.filter((route) => !routePathParameters(route).includes(parameter))
  if (parameter === WHOLE_PATH && without.length === paths.length) return undefined
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
