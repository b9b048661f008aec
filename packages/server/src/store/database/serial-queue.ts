import { setImmediate } from 'node:timers/promises'
import { Problem } from '@sallyport/core'
import { FairQueue } from '../../fairness/fair-queue.ts'
import type { Tenant } from '../../fairness/fair-share.ts'

/** When queued work must be done, and what happens when it is not. */
export interface WorkDeadline {
  /** By the monotonic clock. */
  readonly atMs: number
  /** The error for work that is not done by then; `isRunning` if its turn has come. */
  readonly refusal: (isRunning: boolean) => Error
  /** Called once when running work passes the deadline. It should make the work settle. */
  readonly onLate: () => void
}

/** Work in the queue. */
interface Queued {
  readonly tenant: Tenant
  /** Begins the work, and settles with it. */
  readonly run: () => Promise<void>
  /** Refuses the work, because others have waited longer and the queue is full. */
  readonly evict: () => void
}

/** Whose work it is that belongs to nobody in particular. */
const NOBODY: Tenant = { organization: '', pipeline: '' }

/**
 * A queue that runs its work one at a time. Organizations take turns, and within each one its actors, regardless of how much
 * work each of them has; the work of one actor runs in the order of arrival. Between two pieces of work the event loop
 * turns once: many small writes in a row would otherwise block everything else in the process.
 */
export class SerialQueue {
  readonly #queue: FairQueue<Queued>
  readonly #monotonicMs: () => number
  /** The end of the work that runs; undefined while none does. */
  #running: Promise<void> | undefined

  /** @param waitingMax how many may wait, without the one that is running; beyond that, the newest of the busiest is refused */
  constructor(waitingMax: number, monotonicMs: () => number) {
    this.#queue = new FairQueue({ runningMax: 1, waitingMax }, (queued) => queued.evict())
    this.#monotonicMs = monotonicMs
  }

  /**
   * Runs `work` when its turn comes. Work whose deadline passes before its turn never runs.
   *
   * @param work its argument rejects at the deadline
   * @param tenant takes turns with others
   * @throws Problem `unavailable` when too many are waiting; the deadline's refusal as soon as it passes; whatever
   *   `work` throws
   */
  async run<T>(
    work: (late: Promise<never>) => Promise<T>,
    deadline?: WorkDeadline,
    tenant: Tenant = NOBODY,
  ): Promise<T> {
    const result = Promise.withResolvers<T>()
    const late = Promise.withResolvers<never>()
    // Most work is never late, and then nothing else handles this rejection.
    late.promise.catch(() => undefined)
    const leftMs = (): number => (deadline === undefined ? Infinity : deadline.atMs - this.#monotonicMs())
    const queued: Queued = {
      tenant,
      run: async () => {
        // The timer may be late itself, after the process was paused.
        if (deadline !== undefined && leftMs() <= 0) {
          result.reject(deadline.refusal(false))
          return
        }
        isRunning = true
        try {
          result.resolve(await work(late.promise))
        } catch (error) {
          result.reject(error)
        } finally {
          isRunning = false
        }
      },
      evict: () =>
        result.reject(
          new Problem('unavailable', { detail: 'Too many writes are waiting. Try again shortly.' }),
        ),
    }
    let isRunning = false
    let timer: NodeJS.Timeout | undefined
    const watch = (due: WorkDeadline): void => {
      // A timer may fire a millisecond early. A refusal before the deadline would be wrong about a write that still commits.
      if (leftMs() > 0) {
        timer = setTimeout(watch, Math.ceil(leftMs()), due)
        return
      }
      const refusal = due.refusal(isRunning)
      result.reject(refusal)
      if (!isRunning) {
        this.#queue.remove(tenant, queued)
        return
      }
      late.reject(refusal)
      due.onLate()
    }
    if (deadline !== undefined) watch(deadline)
    this.#queue.add(tenant, queued)
    this.#runNext()
    try {
      return await result.promise
    } finally {
      clearTimeout(timer)
    }
  }

  /** Settles when all queued work is done. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running
  }

  #runNext(): void {
    if (this.#running !== undefined) return
    const next = this.#queue.take()
    if (next === undefined) return
    this.#running = next
      .run()
      .then(async () => await setImmediate())
      .then(() => {
        this.#queue.release(next.tenant)
        this.#running = undefined
        this.#runNext()
      })
  }
}
