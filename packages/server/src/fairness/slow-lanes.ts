import { setTimeout } from 'node:timers/promises'
import { Problem } from '@sallyport/core'
import { FairSemaphore } from './fair-semaphore.ts'
import type { Tenant } from './fair-share.ts'

/** What an attempt is told that found no place. */
const RETRY_SECONDS = 30

export interface SlowLanesOptions {
  /** How long a failed attempt keeps its lane, in ms. */
  readonly pauseMs: number
  /** How many attempts wait in one lane. */
  readonly waitingMax: number
  /** What is said to an attempt that finds no place. */
  readonly detail: string
}

/**
 * Lanes by name, each for one attempt at a time, and slow after a failed one. Instead of refusing all attempts after too many
 * failures, they bound how fast one can guess: the tenants of a lane take turns, so that an attacker does not keep others
 * out.
 */
export class SlowLanes {
  readonly #options: SlowLanesOptions
  /** Those that are in use. */
  readonly #lanes = new Map<string, FairSemaphore>()

  constructor(options: SlowLanesOptions) {
    this.#options = options
  }

  /** How many lanes are in use. */
  get size(): number {
    return this.#lanes.size
  }

  /**
   * @param prove throws a Problem if the attempt fails
   * @returns what `prove` returns
   * @throws Problem `rate_limited` if too many attempts wait, or whatever `prove` throws
   */
  async run<T>(name: string, tenant: Tenant, prove: () => Promise<T>): Promise<T> {
    const { pauseMs, waitingMax, detail } = this.#options
    const lane = this.#lanes.get(name) ?? new FairSemaphore({ runningMax: 1, waitingMax })
    this.#lanes.set(name, lane)
    let hasBegun = false
    try {
      return await lane.run(tenant, async () => {
        hasBegun = true
        try {
          return await prove()
        } catch (error) {
          if (error instanceof Problem) await setTimeout(pauseMs)
          throw error
        }
      })
    } catch (error) {
      if (hasBegun) throw error
      throw new Problem('rate_limited', { detail, extensions: { retryAfterSeconds: RETRY_SECONDS } })
    } finally {
      if (lane.running === 0 && lane.waiting === 0) this.#lanes.delete(name)
    }
  }
}
