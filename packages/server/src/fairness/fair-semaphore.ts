import { Problem } from '@sallyport/core'
import { FairQueue } from './fair-queue.ts'

export interface FairSemaphoreLimits {
  /** How many tasks run at a time. */
  readonly runningMax: number
  /** How many tasks wait. */
  readonly waitingMax: number
}

interface WaitingTask {
  readonly start: () => void
  readonly reject: (problem: Problem) => void
}

/**
 * Bounds how many expensive tasks run at a time. Waiting tasks are queued by group, and the groups take turns: a group
 * with many tasks delays only itself. When too many tasks wait, the longest group loses its newest task.
 */
export class FairSemaphore {
  readonly #runningMax: number
  readonly #waiting: FairQueue<WaitingTask>
  #running = 0

  constructor({ runningMax, waitingMax }: FairSemaphoreLimits) {
    this.#runningMax = runningMax
    this.#waiting = new FairQueue({ waitingMax }, ({ reject }) => reject(new Problem('unavailable')))
  }

  get running(): number {
    return this.#running
  }

  get waiting(): number {
    return this.#waiting.size
  }

  /**
   * Runs a task: at once if the limit allows, otherwise when its group's turn comes.
   *
   * @returns the task's result
   * @throws Problem `unavailable`, as a rejection, when too many tasks wait
   */
  async run<T>(group: string, task: () => Promise<T>): Promise<T> {
    if (this.#running < this.#runningMax && this.#waiting.start(group)) this.#running += 1
    else await new Promise<void>((start, reject) => this.#waiting.add(group, { start, reject }))
    try {
      return await task()
    } finally {
      this.#running -= 1
      this.#waiting.release(group)
      this.#startNext()
    }
  }

  #startNext(): void {
    const next = this.#waiting.take()
    if (next === undefined) return
    // Counted before the task resumes, so that a task arriving in between cannot take its slot.
    this.#running += 1
    next.start()
  }
}
