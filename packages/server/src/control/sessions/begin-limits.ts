import { addressGroup } from '../../address/address-group.ts'
import { countAll, RequestCounters, type RequestLimit } from '../../fairness/request-counters.ts'
import { SharedLimit } from './shared-limit.ts'

/** Sign-ins that begin from one address (a /64 for IPv6). */
const ADDRESS_BEGINS: RequestLimit = { requests: 60, per: 'minute' }
/** Sign-ins that begin, over all addresses, before networks take turns: each stores a ticket for some minutes. */
const ALL_BEGINS: RequestLimit = { requests: 1_000, per: 'minute' }
/** The most addresses in memory; beyond that, the least recently used one is dropped. */
const ADDRESSES_MAX = 10_000
const TOO_MANY = 'Too many sign-ins were begun. Wait for the seconds in `Retry-After`.'

/** Limits how often sign-ins begin, which needs no proof yet. Each way to sign in has limits of its own. */
export class BeginLimits {
  readonly #addresses: RequestCounters
  readonly #all: SharedLimit

  /** @param monotonicMs a monotonic clock, in ms */
  constructor(monotonicMs: () => number) {
    this.#addresses = new RequestCounters(monotonicMs, ADDRESSES_MAX)
    this.#all = new SharedLimit(monotonicMs, ALL_BEGINS, TOO_MANY)
  }

  /** Counts one, and waits for its turn if there are many. @throws Problem `rate_limited` */
  async count(address: string): Promise<void> {
    countAll([this.#addresses.look(addressGroup(address), ADDRESS_BEGINS)], TOO_MANY)
    await this.#all.take(address)
  }
}
