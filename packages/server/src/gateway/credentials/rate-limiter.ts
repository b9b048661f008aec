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

/** The level of a counter at a time. */
interface Level {
  readonly level: number
  readonly atMs: number
}

const EMPTY: Level = { level: 0, atMs: 0 }

/** A request to count, and the limits that apply to it. */
export interface RateLimitedRequest {
  /** The slug of the pipeline's organization. */
  readonly organization: string
  /** The prefix of the pipeline's counter names. */
  readonly counterPrefix: string
  readonly pipelineLimits: readonly RateLimit[]
  readonly keyLimits: readonly RateLimit[]
  /** Those that the pipeline's organization set for a key of another one. */
  readonly externalKeyLimits: readonly RateLimit[]
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
    const caller = this.#callerOf(request)
    const charges: Charge[] = []
    const charge = (of: RateBudget['of'], limit: RateLimit): void => {
      const isByConsumer = of === 'pipeline' && limit.by === 'consumer'
      const subject = isByConsumer ? `consumer ${caller.consumer}` : `credential ${caller.credential}`
      // Neither the amount nor the order of the limits is part of the name: no edit of them gives a new count.
      const name = `${prefixOf(request, of)}${limit.per} ${subject}`
      const { level, atMs } = caller.counters.get(name)
      const verdict = gcra(limit.requests, WINDOW_MS[limit.per], level, atMs, nowMs)
      const { remaining, resetAfterMs } = verdict
      charges.push({ name, verdict, budget: { of, limit, remaining, resetAfterMs } })
    }
    for (const limit of request.pipelineLimits) charge('pipeline', limit)
    for (const limit of request.keyLimits) charge('key', limit)
    for (const limit of request.externalKeyLimits) charge('external-key', limit)
    if (charges.every(({ verdict }) => verdict.allowed)) {
      for (const { name, verdict } of charges)
        caller.counters.set(name, { level: verdict.level, atMs: nowMs })
      return { kind: 'within', budgets: charges.map(({ budget }) => budget) }
    }
    return {
      kind: 'exceeded',
      retryAfterMs: Math.max(...charges.map(({ verdict }) => verdict.retryAfterMs)),
      budgets: charges.map(({ verdict, budget }) => (verdict.allowed ? uncounted(budget) : budget)),
    }
  }

  #callerOf({ principal, ownIssuer, address }: RateLimitedRequest): Caller {
    const { consumer, keyId, claims } = principal
    const credential = keyId ?? consumer
    if (credential !== null) {
      return { counters: this.#credentials, credential, consumer: consumer ?? credential }
    }
    const subject = issuerSubject(claims, ownIssuer)
    if (subject !== null) return { counters: this.#subjects, credential: subject, consumer: subject }
    const group = addressGroup(address())
    return { counters: this.#addresses, credential: group, consumer: group }
  }
}

/** The beginning of a counter's name. The limits of a key count its requests to all organizations together. */
function prefixOf({ counterPrefix, organization }: RateLimitedRequest, of: RateBudget['of']): string {
  if (of === 'pipeline') return counterPrefix
  return of === 'key' ? 'key ' : `external-key ${organization} `
}

/** The counters of one kind of caller, and the names by which they count it. */
interface Caller {
  readonly counters: Counters
  readonly credential: string
  /** The name for limits by consumer: all credentials of a consumer share it. */
  readonly consumer: string
}

/** A request under one of its limits. */
interface Charge {
  /** The counter's name. */
  readonly name: string
  readonly verdict: GcraVerdict
  readonly budget: RateBudget
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
    for (const oldest of this.#levels.keys()) {
      if (this.#levels.size <= this.#max) break
      this.#levels.delete(oldest)
    }
  }
}

/**
 * The caller named by a trusted issuer's token: issuer and subject together are unique (RFC 7519 section 4.1.2). Null if
 * there is no such token. The subject of an own token without a consumer does not identify its bearer: the pipeline
 * chooses it and may use the same one for all.
 *
 * @returns a digest, since a token can have a subject of several kilobytes
 */
function issuerSubject(claims: Principal['claims'], ownIssuer: string): string | null {
  if (claims === null) return null
  const { iss, sub } = claims
  if (typeof iss !== 'string' || typeof sub !== 'string' || iss === ownIssuer) return null
  // The length prefix keeps different pairs of issuer and subject apart.
  return hash('sha256', `${iss.length} ${iss} ${sub}`)
}
