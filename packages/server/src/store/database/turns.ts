import { setImmediate } from 'node:timers/promises'
import { Problem } from '@sallyport/core'

/**
 * A queue whose members are served one at a time, in the order they came. Between two of them the event loop turns
 * once: a database that answers without waiting would otherwise keep everything else from running for as long as
 * somebody has something to write.
 */
export class Turns {
  readonly #waitingMax: number
  #waiting = 0
  #last: Promise<unknown> = Promise.resolve()

  /** @param waitingMax how many may wait; the one that is being served is not counted */
  constructor(waitingMax: number) {
    this.#waitingMax = waitingMax
  }

  /**
   * Runs `work` when it is its turn.
   *
   * @throws Problem `unavailable` when too many wait already; whatever `work` throws
   */
  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#waiting > this.#waitingMax) {
      throw new Problem('unavailable', { detail: 'Too many writes are waiting. Try again shortly.' })
    }
    this.#waiting += 1
    const before = this.#last
    const turn = (async () => {
      try {
        await before
        return await work()
      } finally {
        this.#waiting -= 1
      }
    })()
    // The next one waits for the end of this one, however it ended.
    this.#last = turn.then(turnEventLoop, turnEventLoop)
    return await turn
  }

  /** Settles when everything that was in the queue is done. */
  async idle(): Promise<void> {
    await this.#last
  }
}

async function turnEventLoop(): Promise<void> {
  await setImmediate()
}
