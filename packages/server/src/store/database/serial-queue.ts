import { setImmediate } from 'node:timers/promises'
import { Problem } from '@sallyport/core'

/**
 * A queue that runs its work one at a time, in the order of arrival. Between two pieces of work the event loop turns
 * once. SQLite answers synchronously, so a full queue would otherwise block everything else in the process.
 */
export class SerialQueue {
  readonly #waitingMax: number
  #waiting = 0
  #last: Promise<unknown> = Promise.resolve()

  /** @param waitingMax how many may wait, without the one that is running */
  constructor(waitingMax: number) {
    this.#waitingMax = waitingMax
  }

  /**
   * Runs `work` when its turn comes.
   *
   * @throws Problem `unavailable` when too many are waiting; whatever `work` throws
   */
  async run<T>(work: () => Promise<T>): Promise<T> {
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
    // The next turn starts after this one, whether it succeeds or fails.
    this.#last = turn.then(turnEventLoop, turnEventLoop)
    return await turn
  }

  /** Settles when all queued work is done. */
  async idle(): Promise<void> {
    await this.#last
  }
}

async function turnEventLoop(): Promise<void> {
  await setImmediate()
}
