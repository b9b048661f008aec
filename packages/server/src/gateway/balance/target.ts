/** The longest time without requests after failures, in ms. */
const EJECTED_MS_MAX = 300_000

/** When a target gets no requests for a while. */
export interface EjectionRules {
  /** How many failures in a row lead to it. */
  readonly failures: number
  /** How long it takes for the first time, in ms. */
  readonly ejectionMs: number
}

/** How an attempt ended: `neutral` says nothing about the target, for example because the caller left. */
export type AttemptEnd = 'answered' | 'failed' | 'neutral'

/**
 * What a gateway knows about one server. After too many failures in a row it is ejected for a time that doubles from one
 * ejection to the next. Then it is on trial: it gets one request at a time until one is answered.
 */
export class Target {
  readonly origin: string
  /** Attempts that have begun, those that failed, and those that repeat a request. They only grow. */
  attempts = 0
  failures = 0
  retries = 0
  ejections = 0
  /** Attempts in progress. */
  open = 0
  #failuresInRow = 0
  /** Ejections without an answer in between. */
  #ejectionsInRow = 0
  #ejectedUntilMs = -Infinity
  #isOnTrial = false

  constructor(origin: string) {
    this.origin = origin
  }

  /** Whether it may get a request that another target can answer too. */
  isAvailable(nowMs: number): boolean {
    return nowMs >= this.#ejectedUntilMs && !(this.#isOnTrial && this.open > 0)
  }

  isEjected(nowMs: number): boolean {
    return nowMs < this.#ejectedUntilMs
  }

  begin(isRetry: boolean): void {
    this.attempts += 1
    this.open += 1
    if (isRetry) this.retries += 1
  }

  /** @param nowMs on a clock that never goes back */
  end(end: AttemptEnd, rules: EjectionRules, nowMs: number): void {
    this.open -= 1
    if (end === 'answered') {
      this.#failuresInRow = 0
      // Answers to requests that began before an ejection do not end it.
      if (!this.isEjected(nowMs)) {
        this.#isOnTrial = false
        this.#ejectionsInRow = 0
      }
      return
    }
    if (end === 'neutral') return
    this.failures += 1
    this.#failuresInRow += 1
    // Failures of requests that began before the ejection do not extend it.
    if (this.isEjected(nowMs)) return
    if (this.#isOnTrial || this.#failuresInRow >= rules.failures) this.#eject(rules, nowMs)
  }

  #eject({ ejectionMs }: EjectionRules, nowMs: number): void {
    this.ejections += 1
    this.#ejectedUntilMs = nowMs + Math.min(ejectionMs * 2 ** this.#ejectionsInRow, EJECTED_MS_MAX)
    this.#ejectionsInRow += 1
    this.#failuresInRow = 0
    this.#isOnTrial = true
  }
}
