import {
  expandHeaderTemplate,
  expandUrlTemplate,
  headerTemplateSecrets,
  parseHeaderTemplate,
  parseUrlTemplate,
  urlTemplateSecrets,
  type HeaderTemplate,
  type PathValues,
  type UrlTemplate,
} from '@sallyport/core'
import { droppedHeaders, type DroppedHeaders } from '../headers/dropped-headers.ts'
import { NO_SECRETS } from './environment-secrets.ts'
import { isFramingHeader } from '../headers/hop-by-hop.ts'
import { PathPlaces } from '../request/path-parameters.ts'
import { parameterNames } from '../request/query-key.ts'

/** A step's URL and headers, read once. */
export interface CompiledUpstream {
  /** Scheme, host and port: the same for every request. */
  readonly origin: string
  /** Whether a place asks for a secret. */
  readonly usesSecrets: boolean
  /**
   * Fills the places for one request.
   *
   * @param pattern the route pattern that matched
   * @param path the path that it matched, as it came
   * @param secrets the environment's, where the step uses some
   */
  readonly fill: (pattern: string, path: string, secrets: PathValues) => FilledUpstream | UnfilledUpstream
  /** Which of a caller's own headers do not go on: the step's stand in their place. */
  readonly dropped: DroppedHeaders
  /** The parameters, decoded, that the URL's own query sets: a caller's of the same name do not go on. */
  readonly queryNames: ReadonlySet<string>
  readonly timeoutMs: number | null
}

export interface FilledUpstream {
  /** The upstream's path and query. */
  readonly target: string
  /** Names and values in turn. */
  readonly headers: readonly string[]
}

/** Nothing can be sent safely: for what the caller's path says, or for a secret that is missing or does not fit. */
export type UnfilledUpstream =
  | { readonly target: undefined; readonly fault: 'path' }
  | { readonly target: undefined; readonly fault: 'secret'; readonly name: string }

/** What a step says of its upstream. */
interface UpstreamStep {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly timeoutMs: number | null
}

interface NamedTemplate {
  readonly name: string
  readonly template: HeaderTemplate
}

/** @returns a sentence where the step cannot be run: the gate should have refused it */
export function compileUpstream(step: UpstreamStep): CompiledUpstream | string {
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
  if (template === undefined || wrong.length > 0) return wrong.join(' ')
  const secrets = new Set([
    ...urlTemplateSecrets(template),
    ...headers.flatMap((header) => headerTemplateSecrets(header.template)),
  ])
  return {
    origin: template.origin,
    usesSecrets: secrets.size > 0,
    fill: compileFill(template, headers, [...secrets]),
    dropped: droppedHeaders(headers.map(({ name }) => name.toLowerCase())),
    queryNames: queryNamesOf(template),
    timeoutMs: step.timeoutMs,
  }
}

/** A name that has a place in it is the caller's to choose, so it is none of them. */
function queryNamesOf({ query }: UrlTemplate): ReadonlySet<string> {
  const text = query.map((part) => (part.kind === 'text' ? part.text : PLACE)).join('')
  return new Set(parameterNames(text).filter((name) => !name.includes(PLACE)))
}

/** Stands for a place: the text of a template cannot have it. */
const PLACE = '{}'

/** A value that fits every place. */
const FITTING: PathValues = { get: () => 'x' }
const NO_VALUES: PathValues = new Map<string, string>()

function compileFill(
  url: UrlTemplate,
  headers: readonly NamedTemplate[],
  secretNames: readonly string[],
): CompiledUpstream['fill'] {
  const isFixedUrl = [...url.path, ...url.query].every(({ kind }) => kind === 'text')
  const areFixedHeaders = headers.every(({ template }) => template.parts.every(({ kind }) => kind === 'text'))
  const fixedTarget = isFixedUrl ? expandUrlTemplate(url, NO_VALUES, NO_SECRETS) : undefined
  const fixedHeaders = areFixedHeaders ? expandHeaders(headers, NO_VALUES, NO_SECRETS) : undefined
  // The usual case costs nothing for a request.
  if (fixedTarget !== undefined && fixedHeaders !== undefined) {
    const filled = { target: fixedTarget, headers: fixedHeaders }
    return () => filled
  }
  const placesOf = placesByPattern()
  const expand = (values: PathValues, secrets: PathValues): FilledUpstream | undefined => {
    const target = fixedTarget ?? expandUrlTemplate(url, values, secrets)
    const made = fixedHeaders ?? expandHeaders(headers, values, secrets)
    return target === undefined || made === undefined ? undefined : { target, headers: made }
  }
  return (pattern, path, secrets) => {
    const filled = expand(placesOf(pattern).in(path), secrets)
    if (filled !== undefined) return filled
    // What does not fit either whatever the caller says is no caller's fault.
    const unfit =
      secretNames.find(
        (name) =>
          expand(FITTING, { get: (asked) => (asked === name ? secrets.get(name) : 'x') }) === undefined,
      ) ?? (expand(FITTING, secrets) === undefined ? secretNames.join(', ') : undefined)
    return unfit === undefined || secretNames.length === 0
      ? { target: undefined, fault: 'path' }
      : { target: undefined, fault: 'secret', name: unfit }
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

/** Where the parameters stand, for each of the trigger's patterns: as many as it has paths. */
function placesByPattern(): (pattern: string) => PathPlaces {
  const known = new Map<string, PathPlaces>()
  return (pattern) => {
    let places = known.get(pattern)
    if (places === undefined) {
      places = new PathPlaces(pattern)
      known.set(pattern, places)
    }
    return places
  }
}
