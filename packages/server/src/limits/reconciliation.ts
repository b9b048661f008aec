import {
  COUNTERS_PER_CALL_MAX,
  COUNTERS_PER_ROUND_MAX,
  PERIOD_MS,
  unknownMsMax,
  untoldMsMax,
} from './limit-terms.ts'
import type { LimitStore } from './limit-store.ts'
import type { SharedCounter } from './shared-counter.ts'

/** The time of rounds. */
export interface RoundClock {
  readonly monotonicMs: () => number
  /** Calls a function after a time in ms. @returns a function that prevents it */
  readonly after: (ms: number, call: () => void) => () => void
}

/**
 * Exchanges the counters that a gateway uses with the store, in the background: in rounds it tells what it allowed and
 * learns what all allowed. Counters take turns, in the order of their last exchange.
 */
export class Reconciliation implements Disposable {
  readonly #store: LimitStore
  readonly #clock: RoundClock
  /** The counters whose exchange is due, in the order of their turns. None of them is in an exchange. */
  readonly #due = new Set<SharedCounter>()
  #toMeet: SharedCounter[] = []
  #meeting: Promise<void> | null = null
  #cancelRound: (() => void) | null = null
  #isEnded = false

  constructor(store: LimitStore, clock: RoundClock) {
    this.#store = store
    this.#clock = clock
  }

  /** How long it takes until each counter in use had its turn, in ms. */
  get cycleMs(): number {
    return PERIOD_MS * Math.max(1, Math.ceil(this.#due.size / COUNTERS_PER_ROUND_MAX))
  }

  /** Says that the gateway decides by a counter, which is exchanged from now on as long as it is in use. */
  use(counter: SharedCounter, nowMs: number): void {
    counter.usedAtMs = nowMs
    this.tell(counter)
  }

  /** Has a counter told again, by its level. */
  tell(counter: SharedCounter): void {
    if (counter.exchange === null) this.#makeDue(counter)
  }

  /** Forgets a counter. What the store was not told of it is lost. */
  forget(counter: SharedCounter): void {
    this.#due.delete(counter)
  }

  /** Reads a counter now, together with the others of this turn. Resolves when it was read, or the store has failed. */
  async meet(counter: SharedCounter): Promise<void> {
    if (counter.exchange !== null) {
      await counter.exchange
      return
    }
    this.#toMeet.push(counter)
    // After the sockets were read, so that the counters of one turn travel in one message.
    this.#meeting ??= new Promise((resolve) => {
      setImmediate(() => {
        const counters = new Set(this.#toMeet)
        this.#toMeet = []
        this.#meeting = null
        resolve(this.#exchange([...counters]))
      })
    })
    await this.#meeting
  }

  /** Exchanges all counters that are due, without a pause. */
  async tellAll(): Promise<void> {
    const counters = [...this.#due]
    for (let start = 0; start < counters.length; start += COUNTERS_PER_ROUND_MAX) {
      await this.#exchange(counters.slice(start, start + COUNTERS_PER_ROUND_MAX))
    }
  }

  [Symbol.dispose](): void {
    this.#isEnded = true
    this.#cancelRound?.()
  }

  #makeDue(counter: SharedCounter): void {
    this.#due.add(counter)
    if (this.#cancelRound === null && !this.#isEnded) {
      this.#cancelRound = this.#clock.after(PERIOD_MS, () => this.#beginRound())
    }
  }

  #beginRound(): void {
    this.#cancelRound = null
    const counters: SharedCounter[] = []
    if (this.#store.isUp) {
      for (const counter of this.#due) {
        if (counters.length === COUNTERS_PER_ROUND_MAX) break
        counters.push(counter)
      }
    }
    void this.#exchange(counters)
    if (this.#due.size > 0 && !this.#isEnded) {
      this.#cancelRound = this.#clock.after(PERIOD_MS, () => this.#beginRound())
    }
  }

  async #exchange(counters: readonly SharedCounter[]): Promise<void> {
    const calls: Promise<void>[] = []
    for (let start = 0; start < counters.length; start += COUNTERS_PER_CALL_MAX) {
      const call = counters.slice(start, start + COUNTERS_PER_CALL_MAX)
      const exchange = this.#call(call)
      for (const counter of call) counter.exchange = exchange
      calls.push(exchange)
    }
    await Promise.all(calls)
  }

  async #call(counters: readonly SharedCounter[]): Promise<void> {
    const askedAtMs = this.#clock.monotonicMs()
    const { era, waitMs } = this.#store
    const taken = counters.map((counter) => {
      this.#due.delete(counter)
      return counter.take(askedAtMs, untoldMsMax(waitMs))
    })
    const levels = await this.#store.exchange(taken)
    const nowMs = this.#clock.monotonicMs()
    for (const [index, counter] of counters.entries()) {
      counter.exchange = null
      const level = levels?.[index]
      if (level !== undefined) {
        counter.learn(level, askedAtMs, nowMs)
        counter.readInEra = era
      }
      // One that the store may not have heard of is told again, by its level.
      const isInUse = counter.isUntold || nowMs - counter.usedAtMs < unknownMsMax(waitMs)
      if (level === undefined || isInUse) this.#makeDue(counter)
    }
  }
}
