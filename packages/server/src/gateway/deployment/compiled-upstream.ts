import {
  bindUrlVariables,
  expandUrlTemplate,
  parseUrlTemplate,
  urlTemplateSecrets,
  urlTemplateVariables,
  type EnvironmentView,
  type HeaderRule,
  type PathValues,
  type UpstreamOptions,
  type UrlTemplate,
} from '@sallyport/core'
import type { Balancing } from '../balance/balancing.ts'
import type { DroppedHeaders } from '../headers/dropped-headers.ts'
import {
  areFixed,
  bindRules,
  compileHeaders,
  expandRules,
  haveVariables,
  headerSecrets,
  type CompiledHeaders,
  type Renames,
} from './compiled-headers.ts'
import { compileBalancing, type CompiledBalancing } from './compiled-balancing.ts'
import { compileTls, type CompiledTls } from './compiled-tls.ts'
import type { ExpansionFailure } from './expansion-failure.ts'
import { forwardingOf, PREFIX_HEADER, type Forwarding } from './forwarding.ts'
import { environmentVariables } from './environment-variables.ts'
import { NO_SECRETS } from './environment-secrets.ts'
import { runValues, type RunValues, type UpstreamRun } from './run-values.ts'
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
   * @param run the run that sends the request
   */
  readonly expand: (
    pattern: string,
    path: string,
    secrets: PathValues,
    run: UpstreamRun,
  ) => ExpandedUpstream | ExpansionFailure
  /** The caller's headers that are not forwarded, including those that the step sets. */
  readonly dropped: DroppedHeaders
  /** Null if every header that passes keeps its name. */
  readonly renames: Renames | null
  /** Decoded names of the parameters in the URL's query. The caller's parameters of these names are not forwarded. */
  readonly queryNames: ReadonlySet<string>
  readonly timeoutMs: number | null
  /** Its targets and time limits; null for a step with one upstream and no limits of its own. */
  readonly balancing: Balancing | null
  /** Null for what Node.js does by default. */
  readonly tls: CompiledTls | null
  /** Null for a step that says nothing about the caller's host and path. */
  readonly forwarding: Forwarding | null
}

export interface ExpandedUpstream {
  /** The upstream's path and query. */
  readonly target: string
  /** Alternating names and values. */
  readonly headers: readonly string[]
}

/** Why a step cannot be used in its environment. It shows no value. */
export interface BindingFailure {
  readonly bindingProblem: string
}

/** The part of a step that describes its upstream. */
interface UpstreamStep extends UpstreamOptions {
  readonly url: string
  readonly headers: Readonly<Record<string, HeaderRule>>
  readonly timeoutMs: number | null
  readonly preserveHost?: boolean
  readonly forwardedPrefix?: boolean
}

/** @returns a string with the problems if the step is invalid, which the deployment gate should have refused */
export function compileUpstream(step: UpstreamStep, place = ''): CompiledUpstream | string {
  const { template, problems } = parseUrlTemplate(step.url)
  const forwarding = forwardingOf(step)
  const headers = compileHeaders(step.headers, forwarding?.sendsPrefix === true ? [PREFIX_HEADER] : [])
  if (template === undefined || typeof headers === 'string') {
    return [...problems, ...(typeof headers === 'string' ? [headers] : [])].join(' ')
  }
  const balancing = compileBalancing(step, place)
  if (typeof balancing === 'string') return balancing
  const tls = compileTlsOf(step, template, forwarding)
  const usesVariables =
    urlTemplateVariables(template).length > 0 ||
    haveVariables(headers.rules) ||
    balancing?.usesVariables === true
  if (!usesVariables) {
    const bound = boundUpstream(step, template, headers, { balancing, tls, forwarding }, NO_VALUES)
    return { bind: () => bound }
  }
  // A change of a variable replaces the key, and so the upstream; connections to the former host become idle and close.
  const known = new WeakMap<PathValues, BoundUpstream | BindingFailure>()
  return {
    bind(environment) {
      const variables = environmentVariables(environment)
      let bound = known.get(variables)
      if (bound === undefined) {
        bound = withVariables(step, template, headers, { balancing, tls, forwarding }, variables)
        known.set(variables, bound)
      }
      return bound
    },
  }
}

/** Which servers a step has, and how it reaches them. */
interface CompiledConnections {
  readonly balancing: CompiledBalancing | null
  readonly tls: CompiledTls | null
  readonly forwarding: Forwarding | null
}

/**
 * undici ends a kept TLS connection when a request has another `Host`, so a step that preserves it has connections of its own.
 */
function compileTlsOf(
  step: UpstreamStep,
  { origin }: UrlTemplate,
  forwarding: Forwarding | null,
): CompiledTls | null {
  if (step.tls !== undefined) return compileTls(step.tls)
  const origins = [origin, ...(step.targets ?? []).map((target) => target.origin)]
  const isOwn = forwarding?.preservesHost === true && origins.some((each) => /^https:/i.test(each))
  return isOwn ? compileTls(OWN_CONNECTIONS) : null
}

const OWN_CONNECTIONS = { ca: null, certificate: null, key: null, serverName: null }

function withVariables(
  step: UpstreamStep,
  template: UrlTemplate,
  headers: CompiledHeaders,
  connections: CompiledConnections,
  variables: PathValues,
): BoundUpstream | BindingFailure {
  const url = bindUrlVariables(template, variables)
  if (url.template === undefined) return { bindingProblem: url.problem }
  const rules = bindRules(headers.rules, variables)
  if (typeof rules === 'string') return { bindingProblem: rules }
  return boundUpstream(step, url.template, { ...headers, rules }, connections, variables)
}

function boundUpstream(
  step: UpstreamStep,
  template: UrlTemplate,
  { rules, dropped, renames }: CompiledHeaders,
  { balancing, tls, forwarding }: CompiledConnections,
  variables: PathValues,
): BoundUpstream | BindingFailure {
  const balanced = balancing === null ? null : balancing.bind(template.origin, variables)
  if (typeof balanced === 'string') return { bindingProblem: balanced }
  const secrets = new Set([...urlTemplateSecrets(template), ...headerSecrets(rules)])
  return {
    origin: template.origin,
    usesSecrets: secrets.size > 0 || tls?.usesSecrets === true,
    expand: compileExpand(template, rules, [...secrets]),
    dropped,
    renames,
    queryNames: queryNamesOf(template),
    timeoutMs: step.timeoutMs,
    balancing: balanced,
    tls,
    forwarding,
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
const NO_RUN: RunValues = { get: () => undefined, consumer: null, key: null }

function compileExpand(
  url: UrlTemplate,
  rules: CompiledHeaders['rules'],
  secretNames: readonly string[],
): BoundUpstream['expand'] {
  const isFixedUrl = [...url.path, ...url.query].every(({ kind }) => kind === 'text')
  const fixedTarget = isFixedUrl ? expandUrlTemplate(url, NO_VALUES, NO_SECRETS) : undefined
  const fixedHeaders = areFixed(rules) ? expandRules(rules, NO_VALUES, NO_SECRETS, NO_RUN) : undefined
  // The usual case: nothing to expand per request.
  if (fixedTarget !== undefined && fixedHeaders !== undefined) {
    const expanded = { target: fixedTarget, headers: fixedHeaders }
    return () => expanded
  }
  const expand = (values: PathValues, secrets: PathValues, run: RunValues): ExpandedUpstream | undefined => {
    const target = fixedTarget ?? expandUrlTemplate(url, values, secrets)
    const made = fixedHeaders ?? expandRules(rules, values, secrets, run)
    return target === undefined || made === undefined ? undefined : { target, headers: made }
  }
  return (pattern, path, secrets, from) => {
    const run = runValues(from)
    const expanded = expand(PathParameters.of(pattern).valuesIn(path), secrets, run)
    if (expanded !== undefined) return expanded
    // If the expansion fails with acceptable values of the path and of the run too, a secret is at fault.
    const anyRun: RunValues = { ...run, get: () => 'x' }
    const only = (name: string): PathValues => ({
      get: (asked) => (asked === name ? secrets.get(name) : 'x'),
    })
    const unusable =
      secretNames.find((name) => expand(ACCEPTABLE, only(name), anyRun) === undefined) ??
      (expand(ACCEPTABLE, secrets, anyRun) === undefined ? secretNames.join(', ') : undefined)
    if (unusable !== undefined && secretNames.length > 0) {
      return { target: undefined, fault: 'secret', name: unusable }
    }
    const isOfRun = expand(ACCEPTABLE, secrets, run) === undefined
    return { target: undefined, fault: isOfRun ? 'caller' : 'path' }
  }
}
