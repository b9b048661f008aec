import { setImmediate } from 'node:timers/promises'
import { Problem } from '@sallyport/core'

/** When queued work must be done, and what happens when it is not. */
export interface WorkDeadline {
  /** By the monotonic clock. */
  readonly atMs: number
  /** The error for work that is not done by then; `isRunning` if its turn has come. */
  readonly refusal: (isRunning: boolean) => Error
  /** Called once when running work passes the deadline. It should make the work settle. */
  readonly onLate: () => void
}

/**
 * A queue that runs its work one at a time, in the order of arrival. Between two pieces of work the event loop turns
 * once. SQLite answers synchronously, so a full queue would otherwise block everything else in the process.
 */
export class SerialQueue {
  readonly #waitingMax: number
  readonly #monotonicMs: () => number
  #waiting = 0
  #last: Promise<unknown> = Promise.resolve()

  /** @param waitingMax how many may wait, without the one that is running */
  constructor(waitingMax: number, monotonicMs: () => number) {
    this.#waitingMax = waitingMax
    this.#monotonicMs = monotonicMs
  }

  /**
   * Runs `work` when its turn comes. Work whose deadline passes before its turn never runs.
   *
   * @param work its argument rejects at the deadline
   * @throws Problem `unavailable` when too many are waiting; the deadline's refusal as soon as it passes; whatever
   *   `work` throws
   */
  async run<T>(work: (late: Promise<never>) => Promise<T>, deadline?: WorkDeadline): Promise<T> {
    if (this.#waiting > this.#waitingMax) {
      throw new Problem('unavailable', { detail: 'Too many writes are waiting. Try again shortly.' })
    }
    this.#waiting += 1
    const late = Promise.withResolvers<never>()
    // Most work is never late, and then nothing else handles this rejection.
    late.promise.catch(() => undefined)
    let isRunning = false
    const expire = (): void => {
      if (deadline === undefined) return
      late.reject(deadline.refusal(isRunning))
      if (isRunning) deadline.onLate()
    }
    const timer =
      deadline === undefined
        ? undefined
        : setTimeout(expire, Math.max(0, deadline.atMs - this.#monotonicMs()))
    const before = this.#last
    const turn = (async () => {
      try {
        await before
        // The timer may be late itself, after the process was paused.
        if (deadline !== undefined && this.#monotonicMs() >= deadline.atMs) throw deadline.refusal(false)
        isRunning = true
        return await work(late.promise)
      } finally {
        isRunning = false
        clearTimeout(timer)
        this.#waiting -= 1
      }
    })()
    // The next turn starts after this one, whether it succeeds or fails.
    this.#last = turn.then(turnEventLoop, turnEventLoop)
    return await (deadline === undefined ? turn : Promise.race([turn, late.promise]))
  }

  /** Settles when all queued work is done. */
  async idle(): Promise<void> {
    await this.#last
  }
}

async function turnEventLoop(): Promise<void> {
  await setImmediate()
}
