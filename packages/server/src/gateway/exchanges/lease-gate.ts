/** How often a closed gate looks whether the lease is in force again, in ms. */
const CHECK_MS = 15

/**
 * Holds back the bytes of open exchanges while the gateway's lease is over, because a change may have been confirmed
 * without this gateway. A lease is renewed only after the changes before it were applied, so an exchange that a change
 * refuses has been cut when the gate opens.
 */
export class LeaseGate implements Disposable {
  readonly #isLeaseOver: () => boolean
  #held: (() => void)[] = []
  #timer: NodeJS.Timeout | undefined

  /** @param isLeaseOver reads the clock each time */
  constructor(isLeaseOver: () => boolean) {
    this.#isLeaseOver = isLeaseOver
  }

  get isOpen(): boolean {
    return !this.#isLeaseOver()
  }

  /** Calls `resume` once the gate is open. */
  whenOpen(resume: () => void): void {
    this.#held.push(resume)
    this.#timer ??= setTimeout(() => this.#check(), CHECK_MS).unref()
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
    this.#held = []
  }

  #check(): void {
    this.#timer = undefined
    if (this.isOpen) for (const resume of this.#held.splice(0)) resume()
    if (this.#held.length > 0) this.#timer ??= setTimeout(() => this.#check(), CHECK_MS).unref()
  }
}
