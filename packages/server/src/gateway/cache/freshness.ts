import { CacheDirectives } from './cache-directives.ts'
import type { HeaderFields } from './header-fields.ts'
import { httpDateMs } from './http-date.ts'

/** Final statuses whose responses may be stored: those that the cache understands (RFC 9110 section 15). */
const UNDERSTOOD: ReadonlySet<number> = new Set([
  200, 203, 204, 300, 301, 302, 303, 307, 308, 404, 405, 410, 414, 501,
])
/** Those whose freshness the author of a pipeline can state. A failure is not kept by a rule that was meant for answers. */
const BY_DEFAULT: ReadonlySet<number> = new Set([200, 203, 300, 301, 308])
const DIGITS = /^\d{1,20}$/

/** A response that may be stored, and for how long it is fresh (RFC 9111 section 4.2). */
export interface Freshness {
  readonly lifetimeSeconds: number
  /** Its age when it was received. */
  readonly initialAgeSeconds: number
  /** On the clock of ages, when that was, and when its request was sent. */
  readonly receivedAtMs: number
  readonly sentAtMs: number
  /** Whether it must not be used once it is stale. */
  readonly mustRevalidate: boolean
  /** How long it may still be used after it became stale if the upstream fails (RFC 5861 section 4). */
  readonly staleIfErrorSeconds: number
}

/** What decides whether a response is stored, besides its headers. */
export interface ReceivedResponse {
  readonly status: number
  readonly fields: HeaderFields
  /** Whether the upstream was told credentials, which may have made its answer. */
  readonly isAuthorized: boolean
  /** The freshness that the pipeline states for a response that states none. */
  readonly defaultSeconds: number
  /** When the request was sent, and when the response arrived, on the clock of ages. */
  readonly sentAtMs: number
  readonly receivedAtMs: number
  /** When it arrived, in ms since 1970. */
  readonly wallMs: number
}

/** How fresh a response is. @returns null if it must not be stored (RFC 9111 section 3), or if that would be of no use */
export function freshnessOf(response: ReceivedResponse): Freshness | null {
  const { status, fields, isAuthorized, defaultSeconds, sentAtMs, receivedAtMs } = response
  const directives = new CacheDirectives(fields.joined('cache-control'))
  if (directives.isMalformed || !UNDERSTOOD.has(status) || isForOneRequest(fields)) return null
  // A cache that understands the status ignores `no-store` beside `must-understand` (RFC 9111 section 5.2.2.3).
  if (directives.has('no-store') && !directives.has('must-understand')) return null
  if (directives.has('private')) return null
  const stated = statedSeconds(response, directives)
  const isDefault = stated === null && defaultSeconds > 0 && BY_DEFAULT.has(status) && !saysNoCache(fields)
  if (isAuthorized && !isDefault && !allowsAuthorized(directives)) return null
  const lifetimeSeconds = directives.has('no-cache') ? 0 : (stated ?? (isDefault ? defaultSeconds : 0))
  const hasValidator = fields.single('etag') !== null || fields.single('last-modified') !== null
  const initialAgeSeconds = statedAge(fields) + Math.max(0, receivedAtMs - sentAtMs) / 1000
  // Nothing but a confirmation could make it useful again.
  if (isNeverFresh({ lifetimeSeconds, initialAgeSeconds }) && !(hasValidator && status === 200)) return null
  return {
    lifetimeSeconds,
    initialAgeSeconds,
    receivedAtMs,
    sentAtMs,
    mustRevalidate: ['must-revalidate', 'proxy-revalidate', 's-maxage', 'no-cache'].some((name) =>
      directives.has(name),
    ),
    staleIfErrorSeconds: directives.seconds('stale-if-error') ?? 0,
  }
}

/** Whether a response answers no request before its upstream has confirmed it. */
export function isNeverFresh({
  lifetimeSeconds,
  initialAgeSeconds,
}: Pick<Freshness, 'lifetimeSeconds' | 'initialAgeSeconds'>): boolean {
  return lifetimeSeconds <= initialAgeSeconds
}

export function ageSeconds({ initialAgeSeconds, receivedAtMs }: Freshness, nowMs: number): number {
  return initialAgeSeconds + Math.max(0, nowMs - receivedAtMs) / 1000
}

/** Whether a stored response answers a request as it is (RFC 9111 sections 4 and 5.2.1). @param asked of the request */
export function suffices(freshness: Freshness, asked: CacheDirectives, nowMs: number): boolean {
  const age = ageSeconds(freshness, nowMs)
  const maxAge = asked.seconds('max-age')
  if (asked.isMalformed || asked.has('no-cache')) return false
  if (maxAge !== null && (maxAge === 0 || age > maxAge)) return false
  const left = freshness.lifetimeSeconds - age
  if (left > 0) return left >= (asked.seconds('min-fresh') ?? 0)
  const maxStale = asked.seconds('max-stale', Infinity)
  return maxStale !== null && !asked.has('min-fresh') && !freshness.mustRevalidate && -left <= maxStale
}

/** Whether a stored response may take the place of one that the upstream fails to give. */
export function mayHideError(freshness: Freshness, asked: CacheDirectives, nowMs: number): boolean {
  if (freshness.mustRevalidate || asked.has('no-cache') || asked.seconds('max-age') !== null) return false
  const staleFor = ageSeconds(freshness, nowMs) - freshness.lifetimeSeconds
  return staleFor < freshness.staleIfErrorSeconds
}

/** Whether something in a response is meant for its request alone, or not for a cache without support for it. */
function isForOneRequest(fields: HeaderFields): boolean {
  if (['set-cookie', 'set-cookie2', 'content-range', 'trailer'].some((name) => fields.has(name))) return true
  if (fields.lines('vary').some((line) => line.split(',').some((name) => name.trim() === '*'))) return true
  return fields
    .lines('content-type')
    .some((type) => type.trim().toLowerCase().startsWith('text/event-stream'))
}

/** The lifetime that a response states; null if it states none (RFC 9111 section 4.2.1). */
function statedSeconds({ fields, wallMs }: ReceivedResponse, directives: CacheDirectives): number | null {
  const stated = directives.seconds('s-maxage') ?? directives.seconds('max-age')
  if (stated !== null) return stated
  if (directives.has('no-cache') || directives.has('no-store')) return 0
  if (!fields.has('expires')) return null
  const expiresMs = httpDateMs(fields.single('expires') ?? '')
  const date = httpDateMs(fields.single('date') ?? '')
  // An invalid date, such as "0", is in the past (RFC 9111 section 5.3).
  if (Number.isNaN(expiresMs)) return 0
  return Math.max(0, expiresMs - (Number.isNaN(date) ? wallMs : date)) / 1000
}

/** The older way to say `no-cache`. */
function saysNoCache(fields: HeaderFields): boolean {
  return !fields.has('cache-control') && /no-cache/i.test(fields.joined('pragma') ?? '')
}

/** RFC 9111 section 3.5. */
function allowsAuthorized(directives: CacheDirectives): boolean {
  return ['public', 's-maxage', 'must-revalidate'].some((name) => directives.has(name))
}

/** The first number of `Age`; an invalid one counts as none (RFC 9111 section 5.1). */
function statedAge(fields: HeaderFields): number {
  const [first = ''] = (fields.joined('age') ?? '').split(',')
  return DIGITS.test(first.trim()) ? Number(first) : 0
}
