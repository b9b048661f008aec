import { Problem, type RateLimit } from '@sallyport/core'
import { addressGroup } from '../../address/address-group.ts'
import { RequestCounters } from '../routing/request-counters.ts'

type Limit = Pick<RateLimit, 'requests' | 'per'>

/** Sign-ins that begin from one address (a /64 for IPv6): each stores a row until it ends. */
const ADDRESS_BEGINS: Limit = { requests: 30, per: 'minute' }
/** Sign-ins that begin, over all addresses. */
const ALL_BEGINS: Limit = { requests: 600, per: 'minute' }
/** The most addresses in memory; beyond that, the least recently used one is dropped. */
const ADDRESSES_MAX = 10_000
const SECOND_MS = 1000

/** Limits how often sign-ins begin that need no proof yet. */
export class BeginLimits {
  readonly #counters: RequestCounters

  /** @param monotonicMs a monotonic clock, in ms */
  constructor(monotonicMs: () => number) {
    this.#counters = new RequestCounters(monotonicMs, ADDRESSES_MAX)
  }

  /** @throws Problem `rate_limited` */
  count(address: string): void {
    const counted = [
      this.#counters.look('all', ALL_BEGINS),
      this.#counters.look(`address ${addressGroup(address)}`, ADDRESS_BEGINS),
    ]
    const waits = counted.flatMap(({ verdict }) => (verdict.allowed ? [] : verdict.retryAfterMs))
    if (waits.length > 0) {
      const retryAfterSeconds = Math.max(1, Math.ceil(Math.max(...waits) / SECOND_MS))
      throw new Problem('rate_limited', { extensions: { retryAfterSeconds } })
    }
    for (const { count } of counted) count()
  }
}
