import {
  gcra,
  WINDOW_MS,
  type GcraVerdict,
  type HashSeed,
  type LimitFact,
  type RateBudget,
  type SetLimit,
} from '@sallyport/core'
import { SharedLock } from '../../threads/shared-lock.ts'
import { COUNTERS_MAX } from './counters.ts'
import { type CounterHash, LevelTable, levelTableSeed } from './level-table.ts'
import { eachLimit, type CounterKind, type RateLimitedRequest } from './request-limits.ts'

/** The number of counters of each kind. */
export type RateLimiterLimits = Partial<Readonly<Record<CounterKind, number>>>

/** The memory of a limiter, which threads can share. Plain data. */
export interface LimiterMemory {
  readonly lock: Int32Array
  readonly seed: HashSeed
  readonly tables: Readonly<
    Record<CounterKind, { readonly memory: SharedArrayBuffer; readonly countersMax: number }>
  >
}

/** Memory for so many counters of each kind. The system provides it as it is used. */
export function limiterMemory(limits: RateLimiterLimits = {}): LimiterMemory {
  const table = (kind: CounterKind) => {
    const countersMax = limits[kind] ?? COUNTERS_MAX
    return { memory: new SharedArrayBuffer(LevelTable.byteLength(countersMax)), countersMax }
  }
  return {
    lock: new Int32Array(new SharedArrayBuffer(4)),
    seed: levelTableSeed(),
    tables: {
      credentials: table('credentials'),
      plans: table('plans'),
      subjects: table('subjects'),
      addresses: table('addresses'),
    },
  }
}

/** Counts requests in the memory of this process, for all its threads that use the same memory. */
export class RateLimiter {
  readonly #lock: SharedLock
  readonly #counters: Readonly<Record<CounterKind, LevelTable>>

  constructor({ lock, seed, tables }: LimiterMemory = limiterMemory()) {
    const table = (kind: CounterKind) => new LevelTable(tables[kind].memory, tables[kind].countersMax, seed)
    this.#lock = new SharedLock(lock)
    this.#counters = {
      credentials: table('credentials'),
      plans: table('plans'),
      subjects: table('subjects'),
      addresses: table('addresses'),
    }
  }

  /** How many counters there are. It looks at each place that one can have. */
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
    const limits: CountedLimit[] = []
    // Before the lock is taken: the names take longer than the counting.
    eachLimit(request, (kind, name, set) => {
      const counters = this.#counters[kind]
      limits.push({ counters, hash: counters.hashOf(name), set })
    })
    return this.#lock.hold(() => count(limits, nowMs))
  }
}

/** A limit of a request, and the counter of it. */
interface CountedLimit {
  readonly counters: LevelTable
  readonly hash: CounterHash
  readonly set: SetLimit
}

function count(limits: readonly CountedLimit[], nowMs: number): LimitFact {
  const charges = limits.map(({ counters, hash, set }) => {
    const place = counters.placeOf(hash)
    const [level, atMs] = [counters.levelAt(place), counters.countedAtMs(place)]
    const verdict = gcra(set.limit.requests, WINDOW_MS[set.limit.per], level, atMs, nowMs)
    // Another thread may have read the clock later and counted before. If its time were lost, the next request would drain it again.
    return { counters, hash, set, verdict, countedAtMs: Math.max(atMs, nowMs) }
  })
  const fact = limitFact(charges)
  if (fact.kind === 'within') {
    for (const { counters, hash, verdict, countedAtMs } of charges)
      counters.count(hash, verdict.level, countedAtMs, countedAtMs + verdict.resetAfterMs)
  }
  return fact
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
