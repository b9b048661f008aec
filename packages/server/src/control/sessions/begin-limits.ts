import { addressGroup } from '../../address/address-group.ts'
import { countAll, RequestCounters, type RequestLimit } from '../../fairness/request-counters.ts'

/** Sign-ins that begin from one address (a /64 for IPv6). */
const ADDRESS_BEGINS: RequestLimit = { requests: 60, per: 'minute' }
/** Sign-ins that begin, over all addresses: each stores a ticket for some minutes. */
const ALL_BEGINS: RequestLimit = { requests: 1_000, per: 'minute' }
/** The most addresses in memory; beyond that, the least recently used one is dropped. */
const ADDRESSES_MAX = 10_000
const TOO_MANY = 'Too many sign-ins were begun. Wait for the seconds in `Retry-After`.'

/** Limits how often sign-ins begin, which needs no proof yet. Each way to sign in has limits of its own. */
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
    countAll(counted, TOO_MANY)
  }
}
