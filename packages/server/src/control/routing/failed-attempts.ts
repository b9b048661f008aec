import type { FastifyRequest } from 'fastify'
import { addressGroup } from '../../address/address-group.ts'
import {
  requireAllowed,
  RequestCounters,
  type CountedRequest,
  type RequestLimit,
} from '../../fairness/request-counters.ts'

/** Wrong credentials from one address. */
const CREDENTIAL_FAILURES = { requests: 100, per: 'minute' } as const
/** Wrong set-up tokens from one address: a person mistypes it a few times. */
const SETUP_FAILURES = { requests: 10, per: 'minute' } as const
/** The most addresses in memory; beyond that, the least recently seen address is dropped. */
const ADDRESSES_MAX = 10_000
const TOO_MANY = 'Your address sent too many wrong credentials. Wait for the seconds in `Retry-After`.'

/** Counts failures by the caller's address, or by its network for IPv6. */
export class FailedAttempts {
  readonly #counters: RequestCounters
  readonly #limit: RequestLimit

  constructor(monotonicMs: () => number, limit: RequestLimit) {
    this.#counters = new RequestCounters(monotonicMs, ADDRESSES_MAX)
    this.#limit = limit
  }

  /**
   * Counts one more failure.
   *
   * @throws Problem `rate_limited` if there are too many
   */
  count(request: FastifyRequest): void {
    this.requireFew(request).count()
  }

  /** @throws Problem `rate_limited` if there are too many already */
  requireFew({ ip }: FastifyRequest): CountedRequest {
    const attempt = this.#counters.look(addressGroup(ip), this.#limit)
    requireAllowed([attempt], TOO_MANY)
    return attempt
  }
}

/**
 * Creates the counters. Successes are not counted. A credential has 190 random bits and cannot be guessed, so a right one
 * is always accepted, even from an address with many failures, such as a company's shared exit. A person chooses the
 * set-up token, so after too many failures it is not even compared.
 */
export function createFailedAttempts(monotonicMs: () => number): {
  readonly credentials: FailedAttempts
  readonly setup: FailedAttempts
} {
  return {
    credentials: new FailedAttempts(monotonicMs, CREDENTIAL_FAILURES),
    setup: new FailedAttempts(monotonicMs, SETUP_FAILURES),
  }
}
