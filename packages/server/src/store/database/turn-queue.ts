import { setImmediate } from 'node:timers/promises'
import { Problem } from '@sallyport/core'
import { FairQueue } from '../../fairness/fair-queue.ts'
import type { Tenant } from '../../fairness/fair-share.ts'

/** When queued work must be done, and what happens when it is not. */
export interface WorkDeadline {
  /** By the monotonic clock. */
  readonly atMs: number
  /** Work whose turn has not come by then is refused already; at the deadline unless given. */
  readonly startAtMs?: number
  /** The error for work that is not done by then; `isRunning` if its turn has come. */
  readonly refusal: (isRunning: boolean) => Error
  /** Called once when running work passes the deadline. It should make the work settle. */
  readonly onLate: () => void
}

/** A job whose turn has come. It runs until it is resolved or rejected; what comes first counts. */
export interface Turn<Job> {
  readonly job: Job
  /** By the monotonic clock; infinite without a deadline. */
  readonly deadlineMs: number
  /** Rejects at the deadline. */
  readonly late: Promise<never>
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

/**
 * Serves a job, and those after it that it takes with `next`, which ends the turn of the one before. It must settle each of
 * them, and may do so after the turn. It must not throw.
 */
export type Serve<Job> = (first: Turn<Job>, next: TakeNext<Job>) => Promise<void>

/**
 * Takes the job whose turn is next, and waits for none.
 *
 * @param accepts if it refuses that job, none is taken
 * @returns undefined if none was taken
 */
export type TakeNext<Job> = (accepts: (job: Job) => boolean) => Promise<Turn<Job> | undefined>

/** A job in the queue. */
interface Queued<Job> {
  readonly tenant: Tenant
  readonly turn: Turn<Job>
  /** Begins the turn. @returns false for a job that was refused, because it is too late */
  readonly begin: () => boolean
  /** Refuses the job, because others have waited longer and the queue is full. */
  readonly evict: () => void
}

/** Whose work it is that has no owner. */
const UNOWNED: Tenant = { organization: '', pipeline: '' }

/**
 * A queue whose jobs have their turns one after the other. Organizations take turns, and within each one its actors, regardless
 * of how much work each of them has; the work of one actor runs in the order of arrival. Between two turns the event loop
 * turns once: many small writes in a row would otherwise block everything else in the process.
 */
export class TurnQueue<Job> {
  readonly #queue: FairQueue<Queued<Job>>
  readonly #monotonicMs: () => number
  readonly #serve: Serve<Job>
  /** The end of what is served; undefined while nothing is. */
  #serving: Promise<void> | undefined

  /** @param waitingMax how many may wait, without those that are served; beyond that, the newest of the busiest is refused */
  constructor(waitingMax: number, monotonicMs: () => number, serve: Serve<Job>) {
    this.#queue = new FairQueue({ runningMax: 1, waitingMax }, (queued) => queued.evict())
    this.#monotonicMs = monotonicMs
    this.#serve = serve
  }

  /**
   * Has a job served when its turn comes. A job whose deadline passes before its turn is never served.
   *
   * @param tenant takes turns with others
   * @returns what it is resolved with
   * @throws Problem `unavailable` when too many are waiting; the deadline's refusal as soon as it passes; what the job is
   *   rejected with
   */
  async run(job: Job, deadline?: WorkDeadline, tenant: Tenant = UNOWNED): Promise<unknown> {
    const result = Promise.withResolvers<unknown>()
    const late = Promise.withResolvers<never>()
    // Most work is never late, and then nothing else handles this rejection.
    late.promise.catch(() => undefined)
    let isRunning = false
    const leftMs = (): number => {
      if (deadline === undefined) return Infinity
      const { atMs, startAtMs = atMs } = deadline
      return (isRunning ? atMs : startAtMs) - this.#monotonicMs()
    }
    const turn: Turn<Job> = {
      job,
      deadlineMs: deadline?.atMs ?? Infinity,
      late: late.promise,
      resolve: result.resolve,
      reject: result.reject,
    }
    const queued: Queued<Job> = {
      tenant,
      turn,
      begin: () => {
        // The timer may be late itself, after the process was paused.
        if (deadline !== undefined && leftMs() <= 0) {
          result.reject(deadline.refusal(false))
          return false
        }
        isRunning = true
        return true
      },
      evict: () =>
        result.reject(
          new Problem('unavailable', { detail: 'Too many writes are waiting. Try again shortly.' }),
        ),
    }
    let timer: NodeJS.Timeout | undefined
    const watch = (due: WorkDeadline): void => {
      // A timer may fire a millisecond early, and the turn may have come. A refusal before the deadline would be wrong about
      // a write that still commits.
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
    this.#serveNext()
    try {
      return await result.promise
    } finally {
      clearTimeout(timer)
    }
  }

  /** Settles when all queued work is done. */
  async idle(): Promise<void> {
    while (this.#serving !== undefined) await this.#serving
  }

  #serveNext(): void {
    if (this.#serving !== undefined) return
    const first = this.#queue.take()
    if (first === undefined) return
    this.#serving = this.#serveFrom(first).then(() => {
      this.#serving = undefined
      this.#serveNext()
    })
  }

  async #serveFrom(first: Queued<Job>): Promise<void> {
    let current: Queued<Job> | undefined = first
    const endTurn = async (): Promise<void> => {
      await setImmediate()
      if (current !== undefined) this.#queue.release(current.tenant)
      current = undefined
    }
    if (first.begin()) {
      await this.#serve(first.turn, async (accepts) => {
        if (this.#queue.waiting === 0) return undefined
        await endTurn()
        for (;;) {
          current = this.#queue.take(({ turn }) => accepts(turn.job))
          if (current === undefined || current.begin()) return current?.turn
          this.#queue.release(current.tenant)
        }
      })
    }
    await endTurn()
  }
}
