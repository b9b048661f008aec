import { setTimeout } from 'node:timers/promises'
import { WINDOW_MS } from '@sallyport/core'
import { addressGroup, addressNetwork } from '../../address/address-group.ts'
import { RequestCounters, type RequestLimit } from '../../fairness/request-counters.ts'
import { SlowLanes } from '../../fairness/slow-lanes.ts'

/** Requests that may wait for their turn: one of each network at least, up to so many. */
const WAITING_MAX = 100
const ALL = 'all'

/**
 * A limit that all callers share. One caller that uses it up must not keep the others out, so it refuses none: beyond it, the networks
 * (`/24` of IPv4, `/48` of IPv6) take turns, as many in a time as the limit has.
 */
export class SharedLimit {
  readonly #counters: RequestCounters
  readonly #limit: RequestLimit
  readonly #lanes: SlowLanes
  readonly #turnMs: number

  /**
   * @param monotonicMs a monotonic clock, in ms
   * @param detail what is said to a request that finds no place to wait
   */
  constructor(monotonicMs: () => number, limit: RequestLimit, detail: string) {
    this.#counters = new RequestCounters(monotonicMs, 1)
    this.#limit = limit
    this.#turnMs = WINDOW_MS[limit.per] / limit.requests
    this.#lanes = new SlowLanes({ pauseMs: 0, waitingMax: WAITING_MAX, detail })
  }

  /**
   * Returns at once within the limit, and otherwise when the turn of the address has come.
   *
   * @throws Problem `rate_limited` if too many wait
   */
  async take(address: string): Promise<void> {
    const { verdict, count } = this.#counters.look(ALL, this.#limit)
    if (verdict.allowed) {
      count()
      return
    }
    const tenant = { organization: addressNetwork(address), pipeline: addressGroup(address) }
    await this.#lanes.run(ALL, tenant, async () => {
      await setTimeout(this.#turnMs)
    })
  }
}
