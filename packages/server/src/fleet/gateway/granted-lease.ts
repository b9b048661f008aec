import type { DecisionLease } from '../../sync/decision-lease.ts'

/** What `restMs` says before the first grant, and after the end, in ms: no metric can be infinite. */
const OVER_MS_MAX = 365 * 24 * 60 * 60 * 1000

/**
 * The right of a gateway to decide, which its control node grants. It counts from the question for each grant, so a grant
 * that was long under way gives no more time than others count with.
 */
export class GrantedLease implements DecisionLease {
  readonly #monotonicMs: () => number
  #endsAtMs = -Infinity
  #isEnded = false
  #isRemoved = false

  constructor(monotonicMs: () => number) {
    this.#monotonicMs = monotonicMs
  }

  /** A gateway that was removed refuses also where one that is cut off serves. */
  get whenOver(): 'by-environment' | 'refuse-all' {
    return this.#isRemoved ? 'refuse-all' : 'by-environment'
  }

  get isRemoved(): boolean {
    return this.#isRemoved
  }

  /** Whether it is over now. Reads the clock each time, because the process may have been paused. */
  isOver(): boolean {
    return this.#monotonicMs() >= this.#endsAtMs
  }

  /** How long it still lasts, in ms; below 0 once it is over, and at least minus a year. */
  get restMs(): number {
    return Math.max(this.#endsAtMs - this.#monotonicMs(), -OVER_MS_MAX)
  }

  /**
   * @param askedAtMs when the question was sent, by the monotonic clock
   * @param leaseMs how long a grant lasts
   */
  extend(askedAtMs: number, leaseMs: number): void {
    if (!this.#isEnded && !this.#isRemoved) this.#endsAtMs = Math.max(this.#endsAtMs, askedAtMs + leaseMs)
  }

  /** Ends it until the gateway has enrolled again: it was removed. */
  remove(): void {
    this.#isRemoved = true
    this.#endsAtMs = -Infinity
  }

  /** A control node knows the gateway. */
  readmit(): void {
    this.#isRemoved = false
  }

  /** Ends it for good. */
  end(): void {
    this.#isEnded = true
    this.#endsAtMs = -Infinity
  }
}
