import {
  gcra,
  WINDOW_MS,
  type GcraVerdict,
  type LimitFact,
  type RateBudget,
  type SetLimit,
} from '@sallyport/core'
import { Counters, COUNTERS_MAX } from './counters.ts'
import { eachLimit, type CounterKind, type RateLimitedRequest } from './request-limits.ts'

/** The level of a counter at a time. */
interface Level {
  readonly level: number
  readonly atMs: number
}

const EMPTY: Level = { level: 0, atMs: 0 }

/** The number of counters of each kind. The least recently used one of the kind is evicted first. */
export type RateLimiterLimits = Partial<Readonly<Record<CounterKind, number>>>

/** Counts requests in the memory of this process. */
export class RateLimiter {
  readonly #counters: Readonly<Record<CounterKind, Counters<Level>>>

  constructor({ credentials, plans, subjects, addresses }: RateLimiterLimits = {}) {
    this.#counters = {
      credentials: new Counters(credentials ?? COUNTERS_MAX),
      plans: new Counters(plans ?? COUNTERS_MAX),
      subjects: new Counters(subjects ?? COUNTERS_MAX),
      addresses: new Counters(addresses ?? COUNTERS_MAX),
    }
  }

  get size(): number {
    const { credentials, plans, subjects, addresses } = this.#counters
    return credentials.size + plans.size + subjects.size + addresses.size
  }

  /**
   * Counts a request under all of its limits, or under none if one of them is exceeded, so that a refused request does not
   * use up the other limits.
   *
   * @param nowMs by the monotonic clock, so that a change of the wall clock neither frees nor blocks a caller
   */
  consume(request: RateLimitedRequest, nowMs: number): LimitFact {
    const charges: Charge[] = []
    eachLimit(request, (kind, name, set) => {
      const { requests, per } = set.limit
      const counters = this.#counters[kind]
      const { level, atMs } = counters.get(name) ?? EMPTY
      charges.push({ counters, name, set, verdict: gcra(requests, WINDOW_MS[per], level, atMs, nowMs) })
    })
    const fact = limitFact(charges)
    if (fact.kind === 'within') {
      for (const { counters, name, verdict } of charges)
        counters.set(name, { level: verdict.level, atMs: nowMs })
    }
    return fact
  }
}

/** A request under one of its limits. */
interface Charge extends LimitVerdict {
  readonly counters: Counters<Level>
  /** The counter's name. */
  readonly name: string
}

/** The verdict of one limit. */
export interface LimitVerdict {
  readonly set: SetLimit
  readonly verdict: GcraVerdict
}

/** The fact that follows from the verdicts of all limits: a request that one of them refuses is counted by none. */
export function limitFact(limits: readonly LimitVerdict[]): LimitFact {
  if (limits.every(({ verdict }) => verdict.allowed)) return { kind: 'within', budgets: limits.map(budgetOf) }
  return {
    kind: 'exceeded',
    retryAfterMs: Math.max(...limits.map(({ verdict }) => verdict.retryAfterMs)),
    budgets: limits.map((limit) => (limit.verdict.allowed ? uncounted(budgetOf(limit)) : budgetOf(limit))),
  }
}

function budgetOf({ set, verdict: { remaining, resetAfterMs } }: LimitVerdict): RateBudget {
  return { ...set, remaining, resetAfterMs }
}

/** The budget of a limit when the request is not counted, because another limit refuses it. */
function uncounted(budget: RateBudget): RateBudget {
  const { limit, remaining, resetAfterMs } = budget
  const one = WINDOW_MS[limit.per] / limit.requests
  return { ...budget, remaining: remaining + 1, resetAfterMs: Math.max(0, resetAfterMs - one) }
}
