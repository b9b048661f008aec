import { Problem } from '@sallyport/core'
import { addressGroup, addressNetwork } from '../../address/address-group.ts'
import { FairSemaphore } from '../../fairness/fair-semaphore.ts'
import {
  countAll,
  requireAllowed,
  RequestCounters,
  type RequestLimit,
} from '../../fairness/request-counters.ts'
import { SlowLanes } from '../../fairness/slow-lanes.ts'
import { SharedLimit } from './shared-limit.ts'

/** A counter and its limit. */
interface NamedLimit {
  readonly counters: RequestCounters
  readonly name: string
  readonly limit: RequestLimit
}

/** Failures with one account from one address, or in one known browser: a person mistypes a password a few times. */
const ACCOUNT_FAILURES: RequestLimit = { requests: 10, per: 'hour' }
/** Failures with one account from all addresses together; see `#turnOf` for what happens beyond. */
const STRANGERS_FAILURES: RequestLimit = { requests: 30, per: 'hour' }
/** Failures in all known browsers of one account together: each sign-in without the cookie makes one more of them. */
const BROWSERS_FAILURES: RequestLimit = { requests: 30, per: 'hour' }
/** Failures from one address. */
const ADDRESS_FAILURES: RequestLimit = { requests: 30, per: 'minute' }
/** Failures of one network after which it gets no turn beyond a limit that all networks share. */
const NETWORK_FAILURES: RequestLimit = { requests: 3, per: 'hour' }
/** Failures of all accounts and addresses together; beyond, only networks with few failures of their own get a turn. */
const ALL_FAILURES: RequestLimit = { requests: 1_000, per: 'minute' }
/**
 * Requests that anybody may make about an account, such as for a mail, from one network. Those from all networks together
 * need no limit: a person has only so many links at a time, and they all work.
 */
const ACCOUNT_REQUESTS: RequestLimit = { requests: 10, per: 'hour' }
const ADDRESS_REQUESTS: RequestLimit = { requests: 10, per: 'minute' }
const ALL_REQUESTS: RequestLimit = { requests: 300, per: 'minute' }
/**
 * The most names of each kind in memory; beyond that, the least recently used one is dropped. It is more than the 61,000
 * failures that `ALL_FAILURES` admits in an hour. Networks have three each beyond, so one with a /32 of IPv6, which has 65,536
 * networks, can have an account dropped that has no attempt meanwhile. That takes 65,000 failures, and gives 30 more guesses: a
 * 60th of those that the slow turns of the account give in the same hour.
 */
const NAMES_MAX = 65_000
/** Passwords that are verified at a time: each takes 19 MiB and tens of ms of one core. */
const VERIFYING_MAX = 2
/** Attempts that may wait for that. */
const WAITING_MAX = 200
/** How long a failed attempt keeps others at a slow account waiting, in ms. */
const SLOW_MS = 2_000
/** Attempts that may wait at one slow account. */
const SLOW_WAITING_MAX = 50
const TOO_MANY = 'There were too many failed attempts. Wait for the seconds in `Retry-After`.'
const TOO_MANY_REQUESTS = 'There were too many requests. Wait for the seconds in `Retry-After`.'
const TOO_MANY_AT_ACCOUNT = `${TOO_MANY} A link to set a new password works at once.`
/** Longer than any e-mail address. */
const ACCOUNT_CHARS_MAX = 320
const FROM = ' from '
const IN_BROWSER = ' in browser '
const IN_ALL_BROWSERS = `${IN_BROWSER}any`

/** An attempt to prove who one is: with a password, a code or the token of a link. */
export interface Attempt {
  /** What is attacked: an e-mail address, known or not, or a person's id in a session; undefined for what nobody can guess. */
  readonly account?: string | undefined
  readonly address: string
  /** The id of the browser, if the person has signed in at it before: it counts for itself. */
  readonly device?: string | undefined
  /** Whether only a session of the account can make it, so that strangers cannot use up its limit. */
  readonly isInSession?: boolean
}

/**
 * Limits failed attempts per account and address (per /64 for IPv6), per address, per account and over all, in the memory of
 * this process. An account that does not exist is limited like one that does. Each attempt counts as a failure until it has
 * succeeded, so that many at the same time are limited too.
 *
 * A failure refuses only further attempts of its own network: with the limits that networks share, the others are slowed
 * down instead, so that no attacker locks a person out.
 */
export class SignInLimits {
  // Apart from each other: a flood of names of one kind, such as addresses, must not push out those of another.
  readonly #totals: RequestCounters
  readonly #addresses: RequestCounters
  readonly #accounts: RequestCounters
  /** Of accounts, over all addresses. */
  readonly #strangers: RequestCounters
  /** Of accounts, by the network of the address. */
  readonly #networks: RequestCounters
  readonly #browsers: RequestCounters
  readonly #mailed: RequestCounters
  readonly #requests: SharedLimit
  readonly #slow: SlowLanes
  readonly #verifying = new FairSemaphore({ runningMax: VERIFYING_MAX, waitingMax: WAITING_MAX })

  /**
   * @param monotonicMs a monotonic clock, in ms
   * @param namesMax the most names of each kind in memory
   * @param slowMs how long a failed attempt keeps others at a slow account waiting
   */
  constructor(monotonicMs: () => number, namesMax = NAMES_MAX, slowMs = SLOW_MS) {
    const counters = (): RequestCounters => new RequestCounters(monotonicMs, namesMax)
    this.#totals = counters()
    this.#addresses = counters()
    this.#accounts = counters()
    this.#strangers = counters()
    this.#networks = counters()
    this.#slow = new SlowLanes({ pauseMs: slowMs, waitingMax: SLOW_WAITING_MAX, detail: TOO_MANY_AT_ACCOUNT })
    this.#browsers = counters()
    this.#mailed = counters()
    this.#requests = new SharedLimit(monotonicMs, ALL_REQUESTS, TOO_MANY_REQUESTS)
  }

  /**
   * Counts a request that anybody may make about an account, known or not, and waits for its turn if there are many.
   *
   * @throws Problem `rate_limited`
   */
  async request({ account, address }: { readonly account: string; readonly address: string }): Promise<void> {
    const counted = [
      this.#addresses.look(`requests from ${addressGroup(address)}`, ADDRESS_REQUESTS),
      this.#mailed.look(`${accountName(account)}${FROM}${addressNetwork(address)}`, ACCOUNT_REQUESTS),
    ]
    countAll(counted, TOO_MANY_REQUESTS)
    await this.#requests.take(address)
  }

  /**
   * Makes an attempt, when its turn comes: the addresses take turns.
   *
   * @param prove throws if the attempt fails
   * @returns what `prove` returns
   * @throws Problem `rate_limited`, `unavailable` if too many attempts wait, or whatever `prove` throws
   */
  async attempt<T>(attempt: Attempt, prove: () => Promise<T>): Promise<T> {
    const { account, address, device, isInSession = false } = attempt
    const group = addressGroup(address)
    const network = addressNetwork(address)
    const stranger = device === undefined && !isInSession ? account : undefined
    const ofAddress = { counters: this.#addresses, name: `failures from ${group}`, limit: ADDRESS_FAILURES }
    const own = this.#ownLimits(attempt, group)
    // An attempt that cannot be a guess must not use up the limits of those that can.
    const soft = stranger === undefined ? [ofAddress] : this.#limitsOfAll(stranger, network)
    const isSlow = stranger !== undefined && this.#turnOf(stranger, network)
    // Others behind the same address, such as a company's shared exit, must not keep out a known browser, a session, or
    // a credential that cannot be guessed.
    const hard = stranger === undefined ? own : [ofAddress, ...own]
    const looks = hard.map(({ counters, name, limit }) => counters.look(name, limit))
    countAll(looks, account === undefined ? TOO_MANY : TOO_MANY_AT_ACCOUNT)
    const refusal =
      stranger === undefined ? ofAddress.counters.look(ofAddress.name, ofAddress.limit) : undefined
    const counted = soft.filter(({ counters, name, limit }) => {
      const { verdict, count } = counters.look(name, limit)
      count()
      return verdict.allowed
    })
    const ofThisAddress = stranger === undefined ? counted : [ofAddress]
    const tenant = { organization: group, pipeline: '' }
    const verify = async (): Promise<T> => await this.#verifying.run(tenant, prove)
    try {
      const proved = isSlow
        ? await this.#slow.run(accountName(stranger), { organization: network, pipeline: group }, verify)
        : await verify()
      takeBack(stranger === undefined ? counted : [ofAddress, ...counted])
      for (const { counters, name } of own) counters.forget(name)
      return proved
    } catch (error) {
      // An outage proves nothing about the caller.
      if (!(error instanceof Problem) || error.code === 'unavailable' || error.code === 'rate_limited') {
        takeBack([...hard, ...counted])
        throw error
      }
      // The password was right; only the account counts the code that is missing.
      if (error.code === 'second_factor_required') takeBack(ofThisAddress)
      else if (refusal !== undefined) requireAllowed([refusal], TOO_MANY)
      throw error
    }
  }

  /** Forgets the failures of an account, whose password is a new one: in known browsers too. */
  forget(account: string): void {
    const own = accountName(account)
    this.#strangers.forget(own)
    this.#accounts.forgetWhere((name) => name.startsWith(`${own}${FROM}`))
    this.#networks.forgetWhere((name) => name.startsWith(`${own}${FROM}`))
    this.#browsers.forgetWhere((name) => name.startsWith(`${own}${IN_BROWSER}`))
  }

  /**
   * Whether an attempt at an account must take a slow turn, because too many others have failed there.
   *
   * @throws Problem `rate_limited` if they were of its own network
   */
  #turnOf(account: string, network: string): boolean {
    const name = accountName(account)
    const ofAccount = this.#strangers.look(name, STRANGERS_FAILURES)
    const ofAll = this.#totals.look('failures', ALL_FAILURES)
    const ofNetwork = (text: string): boolean => this.#networks.look(text, NETWORK_FAILURES).verdict.allowed
    if (!ofNetwork(`${name}${FROM}${network}`)) requireAllowed([ofAccount], TOO_MANY_AT_ACCOUNT)
    if (!ofNetwork(network)) requireAllowed([ofAll], TOO_MANY)
    return !ofAccount.verdict.allowed
  }

  /** The limits that addresses share, and the counters that tell which networks have used them up. */
  #limitsOfAll(account: string, network: string): readonly NamedLimit[] {
    const name = accountName(account)
    return [
      { counters: this.#totals, name: 'failures', limit: ALL_FAILURES },
      { counters: this.#strangers, name, limit: STRANGERS_FAILURES },
      { counters: this.#networks, name: network, limit: NETWORK_FAILURES },
      { counters: this.#networks, name: `${name}${FROM}${network}`, limit: NETWORK_FAILURES },
    ]
  }

  /** The limits of the account: from this address, in a known browser, or in a session of its own. */
  #ownLimits({ account, device, isInSession = false }: Attempt, group: string): readonly NamedLimit[] {
    if (account === undefined) return []
    const own = accountName(account)
    if (isInSession) {
      // Anybody can send any text as an address, so no address may have the name of an attempt in a session.
      return [{ counters: this.#accounts, name: `in session ${account}`, limit: ACCOUNT_FAILURES }]
    }
    if (device === undefined) {
      return [{ counters: this.#accounts, name: `${own}${FROM}${group}`, limit: ACCOUNT_FAILURES }]
    }
    const counters = this.#browsers
    return [
      { counters, name: `${own}${IN_BROWSER}${device}`, limit: ACCOUNT_FAILURES },
      { counters, name: `${own}${IN_ALL_BROWSERS}`, limit: BROWSERS_FAILURES },
    ]
  }
}

function takeBack(limits: readonly NamedLimit[]): void {
  for (const { counters, name, limit } of limits) counters.takeBack(name, limit)
}

/** Short, because anybody can send any text as an address. */
function accountName(account: string): string {
  return `account ${account.slice(0, ACCOUNT_CHARS_MAX)}`
}
