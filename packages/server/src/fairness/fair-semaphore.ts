import { Problem } from '@sallyport/core'
import { FairQueue, type FairQueueLimits } from './fair-queue.ts'
import type { Tenant } from './fair-share.ts'

export type FairSemaphoreLimits = Pick<FairQueueLimits, 'runningMax' | 'waitingMax'>

interface WaitingTask {
  readonly start: () => void
  readonly reject: (problem: Problem) => void
}

/**
 * Bounds how many expensive tasks run at a time, with the turns and shares of `FairQueue`: an organization with many
 * tasks delays only itself.
 */
export class FairSemaphore {
  readonly #queue: FairQueue<WaitingTask>

  constructor(limits: FairSemaphoreLimits) {
    this.#queue = new FairQueue(limits, ({ reject }) => reject(new Problem('unavailable')))
  }

  get running(): number {
    return this.#queue.running
  }

  get waiting(): number {
    return this.#queue.waiting
  }

  /**
   * Runs a task: at once if the limits allow, otherwise when its tenant's turn comes.
   *
   * @returns the task's result
   * @throws Problem `unavailable`, as a rejection, when too many tasks wait
   */
  async run<T>(tenant: Tenant, task: () => Promise<T>): Promise<T> {
    if (!this.#queue.start(tenant)) {
      await new Promise<void>((start, reject) => this.#queue.add(tenant, { start, reject }))
    }
    try {
      return await task()
    } finally {
      this.#queue.release(tenant)
      this.#startNext()
    }
  }

  /** One task ends, but it can make room for two: the shares of other tenants grow with what is free. */
  #startNext(): void {
    // A task counts as running before it resumes, so that another one cannot take its slot in between.
    for (let next = this.#queue.take(); next !== undefined; next = this.#queue.take()) next.start()
  }
}
