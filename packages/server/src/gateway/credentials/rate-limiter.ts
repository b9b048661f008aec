import { hash } from 'node:crypto'
import {
  gcra,
  WINDOW_MS,
  type GcraVerdict,
  type LimitFact,
  type Principal,
  type RateBudget,
  type RateLimit,
} from '@sallyport/core'
import { addressGroup } from '../../address/address-group.ts'

/** Default number of counters per kind. Each has a name and two numbers, about 250 bytes. */
const COUNTERS_MAX = 100_000

/** Longer issuer and subject names are replaced by their digest in a counter's name. */
const SUBJECT_NAME_CHARS_MAX = 200

/** The level of a counter at a time. */
interface Level {
  readonly level: number
  readonly atMs: number
}

const EMPTY: Level = { level: 0, atMs: 0 }

/** A request to count, and the limits that apply to it. */
export interface RateLimitedRequest {
  /** The prefix of the pipeline's counter names. */
  readonly counterPrefix: string
  readonly pipelineLimits: readonly RateLimit[]
  readonly keyLimits: readonly RateLimit[]
  readonly principal: Principal
  /** The `iss` of the environment's own tokens. */
  readonly ownIssuer: string
  /** Returns the client's address; called only for callers without another identity. */
  readonly address: () => string
}

/** The number of counters per kind. The least recently used one of the kind is evicted first. */
export interface RateLimiterLimits {
  /** Counters of consumers and keys. */
  readonly credentials?: number
  /** Counters of subjects named by trusted issuers' tokens. */
  readonly subjects?: number
  /** Counters of callers identified only by their address. */
  readonly addresses?: number
}

/** Counts requests in the memory of this process. Each gateway of a fleet counts on its own. */
export class RateLimiter {
  // Separate, so that a caller with many addresses or many issuer subjects cannot evict a consumer's counter.
  readonly #credentials: Counters
  readonly #subjects: Counters
  readonly #addresses: Counters

  constructor({ credentials, subjects, addresses }: RateLimiterLimits = {}) {
    this.#credentials = new Counters(credentials ?? COUNTERS_MAX)
    this.#subjects = new Counters(subjects ?? COUNTERS_MAX)
    this.#addresses = new Counters(addresses ?? COUNTERS_MAX)
  }

  get size(): number {
    return this.#credentials.size + this.#subjects.size + this.#addresses.size
  }

  /**
   * Counts a request under all of its limits, or under none if one of them is exceeded, so that a refused request does not
   * use up the other limits.
   *
   * @param nowMs by the monotonic clock, so that a change of the wall clock neither frees nor blocks a caller
   */
  consume(request: RateLimitedRequest, nowMs: number): LimitFact {
    const { pipelineLimits, keyLimits, principal } = request
    const subject = issuerSubject(request)
    const counters = this.#countersFor(principal, subject)
    const count = pipelineLimits.length + keyLimits.length
    const names: string[] = []
    const verdicts: GcraVerdict[] = []
    const budgets: RateBudget[] = []
    let retryAfterMs = -1
    for (let index = 0; index < count; index += 1) {
      const ofPipeline = index < pipelineLimits.length
      // A key's limits count across pipelines, so their position must not depend on the pipeline's limits.
      const position = ofPipeline ? index : index - pipelineLimits.length
      const limit = ofPipeline ? pipelineLimits[position] : keyLimits[position]
      if (limit === undefined) continue
      // The name includes the limit's values, so that a changed limit starts a new counter.
      const name = `${ofPipeline ? request.counterPrefix : 'key '}${limit.requests}/${limit.per} ${position} ${callerName(
        request,
        ofPipeline ? limit.by : 'credential',
        subject,
      )}`
      const { level, atMs } = counters.get(name)
      const verdict = gcra(limit.requests, WINDOW_MS[limit.per], level, atMs, nowMs)
      if (!verdict.allowed) retryAfterMs = Math.max(retryAfterMs, verdict.retryAfterMs)
      names.push(name)
      verdicts.push(verdict)
      const { remaining, resetAfterMs } = verdict
      budgets.push({ of: ofPipeline ? 'pipeline' : 'key', limit, remaining, resetAfterMs })
    }
    if (retryAfterMs >= 0) {
      return {
        kind: 'exceeded',
        retryAfterMs,
        budgets: budgets.map((budget, index) =>
          verdicts[index]?.allowed === true ? uncounted(budget) : budget,
        ),
      }
    }
    for (let index = 0; index < names.length; index += 1) {
      counters.set(names[index] ?? '', { level: verdicts[index]?.level ?? 0, atMs: nowMs })
    }
    return { kind: 'within', budgets }
  }

  #countersFor({ consumer, keyId }: Principal, subject: string | null): Counters {
    if (consumer !== null || keyId !== null) return this.#credentials
    return subject === null ? this.#addresses : this.#subjects
  }
}

/** The budget of a limit when the request is not counted, because another limit refuses it. */
function uncounted(budget: RateBudget): RateBudget {
  const { limit, remaining, resetAfterMs } = budget
  const one = WINDOW_MS[limit.per] / limit.requests
  return { ...budget, remaining: remaining + 1, resetAfterMs: Math.max(0, resetAfterMs - one) }
}

/** Counter levels by name, in the order of last use. */
class Counters {
  readonly #levels = new Map<string, Level>()
  readonly #max: number

  constructor(max: number) {
    this.#max = max
  }

  get size(): number {
    return this.#levels.size
  }

  get(name: string): Level {
    return this.#levels.get(name) ?? EMPTY
  }

  set(name: string, level: Level): void {
    // Deleting first moves the counter to the end of the map.
    this.#levels.delete(name)
    this.#levels.set(name, level)
    if (this.#levels.size > this.#max) {
      const oldest = this.#levels.keys().next()
      if (oldest.done !== true) this.#levels.delete(oldest.value)
    }
  }
}

/** The name of the caller to count. Kinds cannot collide: key and consumer ids have prefixes, other names have a space. */
function callerName(
  { principal, address }: RateLimitedRequest,
  by: RateLimit['by'],
  subject: string | null,
): string {
  const { consumer, keyId } = principal
  const name = by === 'consumer' ? (consumer ?? keyId) : (keyId ?? consumer)
  return name ?? subject ?? `address ${addressGroup(address())}`
}

/**
 * The caller named by a trusted issuer's token: issuer and subject together are unique (RFC 7519 section 4.1.2). Null if
 * there is a consumer or key, or no such token. The subject of an own token without a consumer does not identify its
 * bearer: the pipeline chooses it and may use the same one for all.
 */
function issuerSubject({ principal, ownIssuer }: RateLimitedRequest): string | null {
  const { consumer, keyId, claims } = principal
  if (consumer !== null || keyId !== null || claims === null) return null
  const { iss, sub } = claims
  if (typeof iss !== 'string' || typeof sub !== 'string' || iss === ownIssuer) return null
  // The length prefix keeps different pairs of issuer and subject apart.
  const name = `${iss.length} ${iss} ${sub}`
  return name.length <= SUBJECT_NAME_CHARS_MAX ? `subject ${name}` : `digest ${hash('sha256', name)}`
}
