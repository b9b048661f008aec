import { hash } from 'node:crypto'
import {
  gcra,
  WINDOW_MS,
  type GcraVerdict,
  type LimitFact,
  type PlanLimit,
  type Principal,
  type RateBudget,
  type RateLimit,
  type SetLimit,
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
  /** Those of the plan of the principal's consumer. */
  readonly planLimits: readonly PlanLimit[]
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
  /** Counters of consumers under their plans. */
  readonly plans?: number
  /** Counters of subjects named by trusted issuers' tokens. */
  readonly subjects?: number
  /** Counters of callers identified only by their address. */
  readonly addresses?: number
}

/** Counts requests in the memory of this process. Each gateway of a fleet counts on its own. */
export class RateLimiter {
  // Separate, so that a caller with many addresses or many issuer subjects cannot evict a consumer's counter, nor a plan
  // that counts each pipeline the counters of limits without a plan.
  readonly #credentials: Counters
  readonly #plans: Counters
  readonly #subjects: Counters
  readonly #addresses: Counters

  constructor({ credentials, plans, subjects, addresses }: RateLimiterLimits = {}) {
    this.#credentials = new Counters(credentials ?? COUNTERS_MAX)
    this.#plans = new Counters(plans ?? COUNTERS_MAX)
    this.#subjects = new Counters(subjects ?? COUNTERS_MAX)
    this.#addresses = new Counters(addresses ?? COUNTERS_MAX)
  }

  get size(): number {
    return this.#credentials.size + this.#plans.size + this.#subjects.size + this.#addresses.size
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
    const charge = (set: SetLimit): void => {
      const { requests, per } = set.limit
      const counters = set.of === 'plan' ? this.#plans : caller.counters
      const name = counterName(request, caller, set)
      const { level, atMs } = counters.get(name)
      const verdict = gcra(requests, WINDOW_MS[per], level, atMs, nowMs)
      const { remaining, resetAfterMs } = verdict
      charges.push({ counters, name, verdict, budget: { ...set, remaining, resetAfterMs } })
    }
    for (const limit of request.pipelineLimits) charge({ of: 'pipeline', limit })
    for (const limit of request.keyLimits) charge({ of: 'key', limit })
    for (const limit of request.externalKeyLimits) charge({ of: 'external-key', limit })
    for (const limit of request.planLimits) charge({ of: 'plan', limit })
    if (charges.every(({ verdict }) => verdict.allowed)) {
      for (const { counters, name, verdict } of charges)
        counters.set(name, { level: verdict.level, atMs: nowMs })
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

/** Neither the amount nor the order of the limits is part of the name: no edit of them gives a new count. */
function counterName(
  { counterPrefix, organization }: RateLimitedRequest,
  caller: Caller,
  set: SetLimit,
): string {
  const { per } = set.limit
  switch (set.of) {
    case 'pipeline': {
      const subject =
        set.limit.by === 'consumer' ? `consumer ${caller.consumer}` : `credential ${caller.credential}`
      return `${counterPrefix}${per} ${subject}`
    }
    // The limits of a key count its requests to all organizations together.
    case 'key':
      return `key ${per} credential ${caller.credential}`
    case 'external-key':
      return `external-key ${organization} ${per} credential ${caller.credential}`
    // The plan is not part of the name either: another plan gives no new count.
    case 'plan':
      return set.limit.scope === 'pipeline'
        ? `${counterPrefix}${per} ${caller.consumer}`
        : `${organization} ${per} ${caller.consumer}`
  }
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
  readonly counters: Counters
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
