import type { FastifyRequest } from 'fastify'
import { parseToken } from '@sallyport/core'
import { addressGroup, addressNetwork } from '../../address/address-group.ts'
import {
  requireAllowed,
  RequestCounters,
  type CountedRequest,
  type RequestLimit,
} from '../../fairness/request-counters.ts'
import { SlowLanes } from '../../fairness/slow-lanes.ts'

/** Wrong credentials from one address. */
const CREDENTIAL_FAILURES: RequestLimit = { requests: 100, per: 'minute' }
/** Wrong secrets of one key, from all addresses together. */
const KEY_FAILURES: RequestLimit = { requests: 100, per: 'minute' }
/** Wrong credentials from all addresses together while no organization exists, so that no credential can be right. */
const EARLY_FAILURES: RequestLimit = { requests: 300, per: 'minute' }
/** Wrong set-up tokens from one address: a person mistypes it a few times. */
const SETUP_FAILURES: RequestLimit = { requests: 10, per: 'minute' }
/** Wrong set-up tokens from all addresses together; beyond, each takes a slow turn. */
const ALL_SETUP_FAILURES: RequestLimit = { requests: 60, per: 'minute' }
/** How long a wrong set-up token keeps the others waiting then, in ms. */
const SETUP_PAUSE_MS = 250
/** Set-ups that may wait then. */
const SETUP_WAITING_MAX = 100
/** The most names of each kind in memory; beyond that, the least recently seen one is dropped. */
const NAMES_MAX = 10_000
const ALL = 'all'
const TOO_MANY = 'Your address sent too many wrong credentials. Wait for the seconds in `Retry-After`.'
const TOO_MANY_OF_KEY =
  'Too many wrong secrets of this key were sent. Wait for the seconds in `Retry-After`. The right secret works at once.'
const TOO_MANY_OF_ALL = 'Too many wrong credentials were sent. Wait for the seconds in `Retry-After`.'

/**
 * Counts wrong credentials, by the caller's address, or by its network for IPv6, and by the key that they name.
 *
 * A credential has 190 random bits and cannot be guessed. So it is compared before anything is counted, and a right one
 * always works: also from an address with many failures, such as a company's shared exit, and also for a key whose id an
 * attacker knows.
 */
export class FailedCredentials {
  readonly #addresses: RequestCounters
  readonly #keys: RequestCounters
  readonly #all: RequestCounters
  readonly #askIsSetUp: () => Promise<boolean>
  /** Whether it is known that an organization exists, which then stays so. */
  #isSetUp = false

  /** @param isSetUp whether an organization exists, so that a credential can be right */
  constructor(monotonicMs: () => number, isSetUp: () => Promise<boolean>) {
    this.#addresses = new RequestCounters(monotonicMs, NAMES_MAX)
    this.#keys = new RequestCounters(monotonicMs, NAMES_MAX)
    this.#all = new RequestCounters(monotonicMs, 1)
    this.#askIsSetUp = isSetUp
  }

  /** Learns from a right credential that an organization exists, so that later failures are counted without the store. */
  succeeded(): void {
    this.#isSetUp = true
  }

  /**
   * Counts one more failure.
   *
   * @param token the credential; its key is counted if it names one
   * @throws Problem `rate_limited` if there are too many
   */
  async count({ ip }: Pick<FastifyRequest, 'ip'>, token?: string): Promise<void> {
    const keyId = token === undefined ? undefined : parseToken(token)?.keyId
    this.#isSetUp ||= await this.#askIsSetUp()
    const isEarly = !this.#isSetUp
    const ofAddress = this.#addresses.look(addressGroup(ip), CREDENTIAL_FAILURES)
    const ofKey = keyId === undefined ? undefined : this.#keys.look(keyId, KEY_FAILURES)
    const ofAll = isEarly ? this.#all.look(ALL, EARLY_FAILURES) : undefined
    // What one of them refuses counts for none of them, so that an attacker does not use up the limit of a key at its own.
    requireAllowed([ofAddress], TOO_MANY)
    if (ofAll !== undefined) requireAllowed([ofAll], TOO_MANY_OF_ALL)
    if (ofKey !== undefined) requireAllowed([ofKey], TOO_MANY_OF_KEY)
    for (const counted of [ofAddress, ofKey, ofAll]) counted?.count()
  }
}

/**
 * Limits guesses of the set-up token. An operator may have chosen it, so an address with too many wrong ones is not even
 * compared. With too many from all addresses together, attempts take slow turns instead of being refused: that bounds how
 * fast many addresses can guess, and the operator still gets in.
 */
export class SetupAttempts {
  readonly #addresses: RequestCounters
  readonly #all: RequestCounters
  readonly #slow: SlowLanes

  /** @param pauseMs how long a wrong token keeps the others waiting when there were too many */
  constructor(monotonicMs: () => number, pauseMs = SETUP_PAUSE_MS) {
    this.#addresses = new RequestCounters(monotonicMs, NAMES_MAX)
    this.#all = new RequestCounters(monotonicMs, 1)
    this.#slow = new SlowLanes({ pauseMs, waitingMax: SETUP_WAITING_MAX, detail: TOO_MANY_OF_ALL })
  }

  /**
   * @param prove throws a Problem if the token is wrong
   * @throws Problem `rate_limited`, or whatever `prove` throws
   */
  async attempt({ ip }: Pick<FastifyRequest, 'ip'>, prove: () => void): Promise<void> {
    const group = addressGroup(ip)
    this.#ofAddress(group)
    const ofAll = this.#all.look(ALL, ALL_SETUP_FAILURES)
    if (ofAll.verdict.allowed) {
      this.#compare(group, prove)
      return
    }
    const tenant = { organization: addressNetwork(ip), pipeline: group }
    await this.#slow.run(ALL, tenant, async () => {
      await Promise.resolve(this.#compare(group, prove))
    })
  }

  /** Counts only wrong tokens. Nothing happens in between, so that many at a time are limited too. */
  #compare(group: string, prove: () => void): void {
    const ofAddress = this.#ofAddress(group)
    try {
      prove()
    } catch (error) {
      ofAddress.count()
      this.#all.look(ALL, ALL_SETUP_FAILURES).count()
      throw error
    }
  }

  #ofAddress(group: string): CountedRequest {
    const counted = this.#addresses.look(group, SETUP_FAILURES)
    requireAllowed([counted], TOO_MANY)
    return counted
  }
}
