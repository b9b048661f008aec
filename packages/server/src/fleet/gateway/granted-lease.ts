import type { DecisionLease } from '../../sync/decision-lease.ts'
import { ownTime, type TimeCell } from '../../threads/time-cell.ts'

/** What `restMs` says before the first grant, and after the end, in ms: no metric can be infinite. */
const OVER_MS_MAX = 365 * 24 * 60 * 60 * 1000

/**
 * The right of a gateway to decide, which its control node grants. It counts from the question for each grant, so a grant
 * that was long under way gives no more time than others count with.
 */
export class GrantedLease implements DecisionLease {
  readonly whenOver = 'by-environment'
  readonly #monotonicMs: () => number
  readonly #ends: TimeCell
  #isEnded = false

  /** @param ends where to keep the end of the lease, by the monotonic clock */
  constructor(monotonicMs: () => number, ends: TimeCell = ownTime()) {
    this.#monotonicMs = monotonicMs
    this.#ends = ends
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
    if (!this.#isEnded) this.#ends.ms = Math.max(this.#ends.ms, askedAtMs + leaseMs)
  }

  /** Ends it for good. */
  end(): void {
    this.#isEnded = true
    this.#ends.ms = -Infinity
  }
}
