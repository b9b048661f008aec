import type { DecisionLease } from '../../sync/decision-lease.ts'
import type { FlagCell } from '../../threads/flag-cell.ts'
import { ownTime, type TimeCell } from '../../threads/time-cell.ts'

/** What `restMs` says before the first grant, and after the end, in ms: no metric can be infinite. */
const OVER_MS_MAX = 365 * 24 * 60 * 60 * 1000

/**
 * The right of a gateway to decide, which its control node grants. It counts from the question for each grant, so a grant
 * that was long under way gives no more time than others count with.
 */
export class GrantedLease implements DecisionLease {
  readonly #monotonicMs: () => number
  readonly #ends: TimeCell
  readonly #removed: FlagCell
  #isEnded = false

  /**
   * @param ends where to keep the end of the lease, by the monotonic clock
   * @param removed where to keep whether the gateway was removed
   */
  constructor(monotonicMs: () => number, ends: TimeCell = ownTime(), removed: FlagCell = { isSet: false }) {
    this.#monotonicMs = monotonicMs
    this.#ends = ends
    this.#removed = removed
  }

  /** A gateway that was removed refuses also where one that is cut off serves. */
  get whenOver(): 'by-environment' | 'refuse-all' {
    return this.#removed.isSet ? 'refuse-all' : 'by-environment'
  }

  get isRemoved(): boolean {
    return this.#removed.isSet
  }

  /** Whether it is over now. Reads the clock each time, because the process may have been paused. */
  isOver(): boolean {
    return this.#monotonicMs() >= this.#ends.ms
  }

  /** How long it still lasts, in ms; below 0 once it is over, and at least minus a year. */
  get restMs(): number {
    return Math.max(this.#ends.ms - this.#monotonicMs(), -OVER_MS_MAX)
  }

  /**
   * @param askedAtMs when the question was sent, by the monotonic clock
   * @param leaseMs how long a grant lasts
   */
  extend(askedAtMs: number, leaseMs: number): void {
    if (this.#isEnded || this.#removed.isSet) return
    this.#ends.ms = Math.max(this.#ends.ms, askedAtMs + leaseMs)
  }

  /** Ends it until the gateway has enrolled again: it was removed. */
  remove(): void {
    this.#removed.isSet = true
    this.#ends.ms = -Infinity
  }

  /** A control node knows the gateway. */
  readmit(): void {
    this.#removed.isSet = false
  }

  /** Ends it for good. */
  end(): void {
    this.#isEnded = true
    this.#ends.ms = -Infinity
  }
}
