/** How often a closed gate looks whether the lease is in force again, in ms. */
const CHECK_MS = 15
/** A gate that is closed for longer than this, in ms, is an outage, and not a renewal that is late. */
const LATE_MS = 2_000

interface Waiting {
  readonly sinceMs: number
  readonly resume: () => void
  readonly onLate: () => void
}

/**
 * Holds back the bytes of open exchanges while the gateway's lease is over and it must not decide, because a change may have been confirmed
 * without this gateway. A lease is renewed only after the changes before it were applied, so an exchange that a change
 * refuses has been cut when the gate opens.
 */
export class LeaseGate implements Disposable {
  readonly #isLeaseOver: () => boolean
  /** In the order of their arrival. */
  #waiting: Waiting[] = []
  /** How many of them know that they wait for long. */
  #late = 0
  #timer: NodeJS.Timeout | undefined

  /** @param isLeaseOver reads the clock each time */
  constructor(isLeaseOver: () => boolean) {
    this.#isLeaseOver = isLeaseOver
  }

  get isOpen(): boolean {
    return !this.#isLeaseOver()
  }

  /** Whether nothing waits. */
  get isIdle(): boolean {
    return this.#waiting.length === 0
  }

  /**
   * Calls `resume` once the gate is open.
   *
   * @param onLate called once if that takes more than 2 s; `resume` is called nevertheless
   */
  whenOpen(resume: () => void, onLate: () => void): void {
    this.#waiting.push({ sinceMs: performance.now(), resume, onLate })
    this.#timer ??= setTimeout(() => this.#check(), CHECK_MS).unref()
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
    this.#waiting = []
  }

  #check(): void {
    this.#timer = undefined
    if (this.isOpen) {
      this.#late = 0
      for (const { resume } of this.#waiting.splice(0)) resume()
    } else this.#tellLate()
    if (this.#waiting.length > 0) this.#timer ??= setTimeout(() => this.#check(), CHECK_MS).unref()
  }

  #tellLate(): void {
    const lateMs = performance.now() - LATE_MS
    while ((this.#waiting[this.#late]?.sinceMs ?? Infinity) <= lateMs) {
      this.#waiting[this.#late]?.onLate()
      this.#late += 1
    }
  }
}
