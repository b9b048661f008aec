import {
  bindHeaderVariables,
  bindUrlVariables,
  expandHeaderTemplate,
  expandUrlTemplate,
  headerTemplateSecrets,
  parseHeaderTemplate,
  parseUrlTemplate,
  urlTemplateSecrets,
  headerTemplateVariables,
  urlTemplateVariables,
  type EnvironmentView,
  type HeaderTemplate,
  type PathValues,
  type UpstreamOptions,
  type UrlTemplate,
} from '@sallyport/core'
import { droppedHeaders, type DroppedHeaders } from '../headers/dropped-headers.ts'
import type { Balancing } from '../balance/balancing.ts'
import { compileBalancing, type CompiledBalancing } from './compiled-balancing.ts'
import { environmentVariables } from './environment-variables.ts'
import { NO_SECRETS } from './environment-secrets.ts'
import { isFramingHeader } from '../headers/hop-by-hop.ts'
import { PathParameters } from '../routing/path-parameters.ts'
import { parameterNames } from '../request/query-key.ts'

/** A step's URL and headers, parsed once. */
export interface CompiledUpstream {
  /**
   * The upstream with the variables of an environment.
   *
   * @returns a failure if a variable is missing or does not fit where it is used
   */
  readonly bind: (environment: EnvironmentView) => BoundUpstream | BindingFailure
}

/** An upstream without variables. */
export interface BoundUpstream {
  /** Scheme, host and port: the same for every request. */
  readonly origin: string
  /** Whether a placeholder names a secret. */
  readonly usesSecrets: boolean
  /**
   * Expands the placeholders for one request.
   *
   * @param pattern the matching route pattern
   * @param path the path as received
   * @param secrets the environment's secrets; may be empty if the step uses none
   */
  readonly expand: (pattern: string, path: string, secrets: PathValues) => ExpandedUpstream | ExpansionFailure
  /** The caller's headers that are not forwarded, including those that the step sets. */
  readonly dropped: DroppedHeaders
  /** Decoded names of the parameters in the URL's query. The caller's parameters of these names are not forwarded. */
  readonly queryNames: ReadonlySet<string>
  readonly timeoutMs: number | null
  /** Its targets and time limits; null for a step with one upstream and no limits of its own. */
  readonly balancing: Balancing | null
}

export interface ExpandedUpstream {
  /** The upstream's path and query. */
  readonly target: string
  /** Alternating names and values. */
  readonly headers: readonly string[]
}

/** Why no request can be sent: a path parameter has an unsafe value, or a secret is missing or has an unsafe value. */
export type ExpansionFailure =
  | { readonly target: undefined; readonly fault: 'path' }
  | { readonly target: undefined; readonly fault: 'secret'; readonly name: string }

/** Why a step cannot be used in its environment. It shows no value. */
export interface BindingFailure {
  readonly bindingProblem: string
}

/** The part of a step that describes its upstream. */
interface UpstreamStep extends UpstreamOptions {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly timeoutMs: number | null
}

interface NamedTemplate {
  readonly name: string
  readonly template: HeaderTemplate
}

/** @returns a string with the problems if the step is invalid, which the deployment gate should have refused */
export function compileUpstream(step: UpstreamStep, place = ''): CompiledUpstream | string {
  const { template, problems } = parseUrlTemplate(step.url)
  const wrong: string[] = [...problems]
  const headers: NamedTemplate[] = []
  for (const [name, value] of Object.entries(step.headers)) {
    const lower = name.toLowerCase()
    if (isFramingHeader(lower) || lower === 'host') continue
    const parsed = parseHeaderTemplate(value)
    if (parsed.template === undefined) wrong.push(...parsed.problems)
    else headers.push({ name, template: parsed.template })
  }
  const balancing = compileBalancing(step, place)
  if (typeof balancing === 'string') wrong.push(balancing)
  if (template === undefined || wrong.length > 0 || typeof balancing === 'string') return wrong.join(' ')
  const usesVariables =
    balancing?.usesVariables === true ||
    urlTemplateVariables(template).length > 0 ||
    headers.some((header) => headerTemplateVariables(header.template).length > 0)
  if (!usesVariables) {
    const bound = boundUpstream(step, template, headers, balancing, NO_VALUES)
    return { bind: () => bound }
  }
  // A change of a variable replaces the key, and so the upstream; connections to the former host become idle and close.
  const known = new WeakMap<PathValues, BoundUpstream | BindingFailure>()
  return {
    bind(environment) {
      const variables = environmentVariables(environment)
      let bound = known.get(variables)
      if (bound === undefined) {
        bound = withVariables(step, template, headers, balancing, variables)
        known.set(variables, bound)
      }
      return bound
    },
  }
}

function withVariables(
  step: UpstreamStep,
  template: UrlTemplate,
  headers: readonly NamedTemplate[],
  balancing: CompiledBalancing | null,
  variables: PathValues,
): BoundUpstream | BindingFailure {
  const url = bindUrlVariables(template, variables)
  if (url.template === undefined) return { bindingProblem: url.problem }
  const bound: NamedTemplate[] = []
  for (const header of headers) {
    const made = bindHeaderVariables(header.template, variables)
    if (made.template === undefined) return { bindingProblem: made.problem }
    bound.push({ name: header.name, template: made.template })
  }
  return boundUpstream(step, url.template, bound, balancing, variables)
}

function boundUpstream(
  step: UpstreamStep,
  template: UrlTemplate,
  headers: readonly NamedTemplate[],
  balancing: CompiledBalancing | null,
  variables: PathValues,
): BoundUpstream | BindingFailure {
  const balanced = balancing === null ? null : balancing.bind(template.origin, variables)
  if (typeof balanced === 'string') return { bindingProblem: balanced }
  const secrets = new Set([
    ...urlTemplateSecrets(template),
    ...headers.flatMap((header) => headerTemplateSecrets(header.template)),
  ])
  return {
    origin: template.origin,
    usesSecrets: secrets.size > 0,
    expand: compileExpand(template, headers, [...secrets]),
    dropped: droppedHeaders(headers.map(({ name }) => name.toLowerCase())),
    queryNames: queryNamesOf(template),
    timeoutMs: step.timeoutMs,
    balancing: balanced,
  }
}

/** A name that contains a placeholder is the caller's choice and not one of the step's. */
function queryNamesOf({ query }: UrlTemplate): ReadonlySet<string> {
  const text = query.map((part) => (part.kind === 'text' ? part.text : PLACEHOLDER)).join('')
  return new Set(parameterNames(text).filter((name) => !name.includes(PLACEHOLDER)))
}

/** Represents a placeholder: template text cannot contain it. */
const PLACEHOLDER = '{}'

/** A value that every placeholder accepts. */
const ACCEPTABLE: PathValues = { get: () => 'x' }
const NO_VALUES: PathValues = new Map<string, string>()

function compileExpand(
  url: UrlTemplate,
  headers: readonly NamedTemplate[],
  secretNames: readonly string[],
): BoundUpstream['expand'] {
  const isFixedUrl = [...url.path, ...url.query].every(({ kind }) => kind === 'text')
  const areFixedHeaders = headers.every(({ template }) => template.parts.every(({ kind }) => kind === 'text'))
  const fixedTarget = isFixedUrl ? expandUrlTemplate(url, NO_VALUES, NO_SECRETS) : undefined
  const fixedHeaders = areFixedHeaders ? expandHeaders(headers, NO_VALUES, NO_SECRETS) : undefined
  // The usual case: nothing to expand per request.
  if (fixedTarget !== undefined && fixedHeaders !== undefined) {
    const expanded = { target: fixedTarget, headers: fixedHeaders }
    return () => expanded
  }
  const parametersOf = parametersByPattern()
  const expand = (values: PathValues, secrets: PathValues): ExpandedUpstream | undefined => {
    const target = fixedTarget ?? expandUrlTemplate(url, values, secrets)
    const made = fixedHeaders ?? expandHeaders(headers, values, secrets)
    return target === undefined || made === undefined ? undefined : { target, headers: made }
  }
  return (pattern, path, secrets) => {
    const expanded = expand(parametersOf(pattern).valuesIn(path), secrets)
    if (expanded !== undefined) return expanded
    // If the expansion fails with acceptable path values too, a secret is at fault.
    const unusable =
      secretNames.find(
        (name) =>
          expand(ACCEPTABLE, { get: (asked) => (asked === name ? secrets.get(name) : 'x') }) === undefined,
      ) ?? (expand(ACCEPTABLE, secrets) === undefined ? secretNames.join(', ') : undefined)
    return unusable === undefined || secretNames.length === 0
      ? { target: undefined, fault: 'path' }
      : { target: undefined, fault: 'secret', name: unusable }
  }
}

function expandHeaders(
  headers: readonly NamedTemplate[],
  values: PathValues,
  secrets: PathValues,
): string[] | undefined {
  const made: string[] = []
  for (const { name, template } of headers) {
    const value = expandHeaderTemplate(template, values, secrets)
    if (value === undefined) return undefined
    made.push(name, value)
  }
  return made
}

/** Caches the parameters of each of the trigger's route patterns. */
function parametersByPattern(): (pattern: string) => PathParameters {
  const known = new Map<string, PathParameters>()
  return (pattern) => {
    let parameters = known.get(pattern)
    if (parameters === undefined) {
      parameters = new PathParameters(pattern)
      known.set(pattern, parameters)
    }
    return parameters
  }
}
