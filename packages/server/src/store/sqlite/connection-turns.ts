import { writeTooLate } from '../database/write-turn.ts'

/** Lends the connection that writes to one transaction or statement at a time, in the order of arrival. */
export class ConnectionTurns {
  #isTaken = false
  /** Who waits for the connection, in order. */
  readonly #waiting = new Set<() => void>()

  /**
   * Waits for the connection. `give` must follow.
   *
   * @param waitMsMax may be infinite
   * @throws Problem `unavailable` after that time, and then the connection was not taken
   */
  async take(waitMsMax: number): Promise<void> {
    if (!this.#isTaken) {
      this.#isTaken = true
      return
    }
    const turn = Promise.withResolvers<void>()
    this.#waiting.add(turn.resolve)
    const timer = Number.isFinite(waitMsMax)
      ? setTimeout(() => {
          if (this.#waiting.delete(turn.resolve)) turn.reject(writeTooLate())
        }, waitMsMax)
      : undefined
    try {
      await turn.promise
    } finally {
      clearTimeout(timer)
    }
  }

  /** Passes the connection to the one that has waited longest. */
  give(): void {
    const next = this.#waiting.values().next()
    if (next.done === true) {
      this.#isTaken = false
      return
    }
    this.#waiting.delete(next.value)
    next.value()
  }
}
