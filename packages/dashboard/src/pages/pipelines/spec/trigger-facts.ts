/** The credentials that a trigger can require. */
export const CREDENTIALS = ['apiKey', 'jwt', 'basic'] as const
export type Credential = (typeof CREDENTIALS)[number]

export const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const
/** The methods of a trigger that names none. */
export const DEFAULT_METHODS: readonly string[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']
export const EXPOSING_KINDS = ['rest', 'http', 'http-file'] as const
/** What happens at a due time while the run before goes on; the first one unless the spec says otherwise. */
export const OVERLAPS = ['forbid', 'replace', 'allow'] as const
/** How many runs make up for due times that passed; the first one unless the spec says otherwise. */
export const CATCH_UPS = ['none', 'one'] as const
export const TIME_ZONE_DEFAULT = 'UTC'

/** What the form shows of a spec. What is missing has its default, and what makes no sense counts as missing. */
export interface TriggerFacts {
  readonly kind: string
  readonly isExposing: boolean
  /** Null for the default. */
  readonly path: string | null
  /** Null for every host of the environment. */
  readonly hosts: readonly string[] | null
  /** Null for the default. */
  readonly methods: readonly string[] | null
  readonly required: Readonly<Record<Credential, boolean>>
  /** Whether callers may send an API key although none is required. */
  readonly isKeyOptional: boolean
  readonly isLogin: boolean
  readonly acceptsPublicKeys: boolean
  readonly schedule: string | null
  /** Null for the default. */
  readonly timeZone: string | null
  readonly overlap: string
  readonly catchUp: string
  /** Such as `proxy`, in order. */
  readonly steps: readonly StepFacts[]
}

export interface StepFacts {
  /** A JSON Pointer. */
  readonly place: string
  readonly kind: string
  /** Where it leads, or what it sets; null if nothing says it in a few words. */
  readonly about: string | null
}

type Members = Readonly<Record<string, unknown>>

function members(value: unknown): Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : {}
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

function texts(value: unknown): readonly string[] | null {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : null
}

export function triggerFacts(spec: unknown): TriggerFacts {
  const { trigger, steps } = members(spec)
  const { kind, path, methods, authentication, login, acceptsPublicKeys, schedule } = members(trigger)
  const { hosts, timeZone, overlap, catchUp } = members(trigger)
  const required = members(authentication)
  return {
    kind: text(kind) ?? '',
    isExposing: kind !== 'schedule',
    path: text(path),
    hosts: texts(hosts),
    methods: texts(methods),
    required: {
      apiKey: required['apiKey'] === true,
      jwt: required['jwt'] === true,
      basic: required['basic'] === true,
    },
    isKeyOptional: required['apiKey'] === 'optional',
    isLogin: login === true,
    acceptsPublicKeys: acceptsPublicKeys === true,
    schedule: text(schedule),
    timeZone: text(timeZone),
    overlap: text(overlap) ?? OVERLAPS[0],
    catchUp: text(catchUp) ?? CATCH_UPS[0],
    steps: Array.isArray(steps) ? steps.map(stepFacts) : [],
  }
}

function stepFacts(step: unknown, index: number): StepFacts {
  const [kind = '', value] = Object.entries(members(step))[0] ?? []
  return { place: `/steps/${index}`, kind, about: aboutStep(kind, members(value)) }
}

function aboutStep(kind: string, value: Members): string | null {
  const { url, method, that, subject, status, token, username } = value
  if (kind === 'transform') return Object.keys(value).join(', ')
  const address = text(url)
  if (address !== null) return [text(method), address].filter((word) => word !== null).join(' ')
  const expression = text(that) ?? text(subject) ?? text(token) ?? text(username)
  return expression ?? (typeof status === 'number' ? String(status) : null)
}

/** The path of a version's first route, with its default. */
export function routeOf(facts: TriggerFacts, pipeline: string, version: string): string {
  return facts.path ?? `/v${version.split('.')[0] ?? ''}/${pipeline}`
}
