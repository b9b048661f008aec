import { WINDOW_MS, type LimitFact, type SetLimit } from '@sallyport/core'
import type { LimitStore } from '../../limits/limit-store.ts'
import { WAITING_REQUESTS_MAX } from '../../limits/limit-terms.ts'
import type { Reconciliation } from '../../limits/reconciliation.ts'
import { SharedCounter } from '../../limits/shared-counter.ts'
import { Counters, COUNTERS_MAX } from './counters.ts'
import { limitFact } from './rate-limiter.ts'
import { eachLimit, type CounterKind, type RateLimitedRequest } from './request-limits.ts'

/** By what a limit was decided: the store, this gateway with what it knows of the others, or this gateway alone. */
export type LimitDecider = 'store' | 'gateway' | 'gateway-alone'

export interface SharedRateLimiterDeps {
  readonly store: LimitStore
  readonly reconciliation: Pick<Reconciliation, 'use' | 'meet' | 'tell' | 'forget'>
  /** Whether the store decides each request; otherwise this gateway does, and tells the store. */
  readonly isExact: boolean
  /** The key in the store of a counter's name; see `keyOf`. */
  readonly keyOf: (name: string) => string
  readonly monotonicMs: () => number
  /** Called for each decision. */
  readonly onDecided?: (by: LimitDecider) => void
  /** The number of counters per kind. */
  readonly countersMax?: number
}

/**
 * Counts requests together with other gateways, over a store. While the store does not answer, it counts in the memory of
 * this process.
 */
export class SharedRateLimiter {
  readonly #deps: SharedRateLimiterDeps
  readonly #counters: Readonly<Record<CounterKind, Counters<SharedCounter>>>
  /** The requests that wait for the store. */
  #waiting = 0

  constructor(deps: SharedRateLimiterDeps) {
    this.#deps = deps
    const { reconciliation, countersMax = COUNTERS_MAX } = deps
    const create = (): Counters<SharedCounter> =>
      new Counters(countersMax, (counter) => reconciliation.forget(counter))
    this.#counters = { credentials: create(), plans: create(), subjects: create(), addresses: create() }
  }

  /**
   * Counts a request under all of its limits, or under none if one of them is exceeded.
   *
   * @param nowMs by the monotonic clock
   * @returns a promise if the store is asked, which is so in exact mode, and once for each counter that this gateway does
   *   not know. It never rejects, and is kept within the wait of the store
   */
  consume(request: RateLimitedRequest, nowMs: number): LimitFact | Promise<LimitFact> {
    const { store, isExact } = this.#deps
    const limits: SharedLimit[] = []
    eachLimit(request, (kind, name, set) => limits.push({ set, counter: this.#counterOf(kind, name, set) }))
    if (!store.isUp || this.#waiting >= WAITING_REQUESTS_MAX) return this.#decide(limits, nowMs, true)
    if (isExact) return this.#wait(this.#ask(limits, nowMs))
    const isKnown = limits.every(({ counter }) => counter.readInEra === store.era)
    return isKnown ? this.#decide(limits, nowMs, false) : this.#wait(this.#meet(limits))
  }

  /** Has the store told of all counters: it may have lost them, or have missed what was allowed without it. */
  tellAll(): void {
    const { reconciliation, monotonicMs } = this.#deps
    const nowMs = monotonicMs()
    for (const counters of Object.values(this.#counters)) {
      for (const counter of counters.all()) if (counter.isUsed(nowMs)) reconciliation.tell(counter)
    }
  }

  #counterOf(kind: CounterKind, name: string, { limit }: SetLimit): SharedCounter {
    const counters = this.#counters[kind]
    let counter = counters.get(name)
    if (counter === undefined) {
      counter = new SharedCounter(this.#deps.keyOf(`${kind} ${name}`), limit.requests, WINDOW_MS[limit.per])
    } else {
      counter.limitTo(limit.requests)
    }
    counters.set(name, counter)
    return counter
  }

  async #wait(fact: Promise<LimitFact>): Promise<LimitFact> {
    this.#waiting += 1
    try {
      return await fact
    } finally {
      this.#waiting -= 1
    }
  }

  /** Has the store decide. */
  async #ask(limits: readonly SharedLimit[], nowMs: number): Promise<LimitFact> {
    const { store, monotonicMs, onDecided } = this.#deps
    const levels = await store.charge(limits.map(({ counter }) => counter.known(nowMs)))
    const answeredAtMs = monotonicMs()
    if (levels === null) return this.#decide(limits, answeredAtMs, true)
    const verdicts = limits.map(({ set, counter }, index) => ({
      set,
      verdict: counter.verdictAt(levels[index] ?? 0),
    }))
    const fact = limitFact(verdicts)
    const charged = fact.kind === 'within' ? 1 : 0
    for (const [index, { counter }] of limits.entries()) {
      counter.learn((levels[index] ?? 0) + charged, nowMs, answeredAtMs)
    }
    onDecided?.('store')
    return fact
  }

  /** Reads the counters that this gateway does not know, and decides. */
  async #meet(limits: readonly SharedLimit[]): Promise<LimitFact> {
    const { store, reconciliation, monotonicMs } = this.#deps
    const unknown = limits.filter(({ counter }) => counter.readInEra !== store.era)
    await Promise.all(unknown.map(async ({ counter }) => await reconciliation.meet(counter)))
    return this.#decide(limits, monotonicMs(), !store.isUp)
  }

  /** Decides with what this gateway knows. */
  #decide(limits: readonly SharedLimit[], nowMs: number, isAlone: boolean): LimitFact {
    const { reconciliation, onDecided } = this.#deps
    const fact = limitFact(limits.map(({ set, counter }) => ({ set, verdict: counter.ask(nowMs) })))
    for (const { counter } of limits) {
      if (fact.kind === 'within') counter.count(nowMs)
      reconciliation.use(counter, nowMs)
    }
    onDecided?.(isAlone ? 'gateway-alone' : 'gateway')
    if (!isAlone || fact.budgets === undefined) return fact
    return { ...fact, budgets: fact.budgets.map((budget) => ({ ...budget, isCountedAlone: true as const })) }
  }
}

interface SharedLimit {
  readonly set: SetLimit
  readonly counter: SharedCounter
}
