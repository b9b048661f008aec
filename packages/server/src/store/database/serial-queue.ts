import type { Tenant } from '../../fairness/fair-share.ts'
import { TurnQueue, type WorkDeadline } from './turn-queue.ts'

type Work<T> = (late: Promise<never>) => Promise<T>

/** A queue that runs its work one at a time, in the turns of a `TurnQueue`. */
export class SerialQueue {
  readonly #turns: TurnQueue<Work<unknown>>

  /** @param waitingMax how many may wait, without the one that is running; beyond that, the newest of the busiest is refused */
  constructor(waitingMax: number, monotonicMs: () => number) {
    this.#turns = new TurnQueue(waitingMax, monotonicMs, async ({ job, late, resolve, reject }) => {
      try {
        resolve(await job(late))
      } catch (error) {
        reject(error)
      }
    })
  }

  /**
   * Runs `work` when its turn comes. Work whose deadline passes before its turn never runs.
   *
   * @param work its argument rejects at the deadline
   * @param tenant takes turns with others
   * @throws Problem `unavailable` when too many are waiting; the deadline's refusal as soon as it passes; whatever
   *   `work` throws
   */
  async run<T>(work: Work<T>, deadline?: WorkDeadline, tenant?: Tenant): Promise<T> {
    return (await this.#turns.run(work, deadline, tenant)) as T
  }

  /** Settles when all queued work is done. */
  async idle(): Promise<void> {
    await this.#turns.idle()
  }
}
