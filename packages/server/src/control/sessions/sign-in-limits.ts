import { Problem } from '@sallyport/core'
import { addressGroup } from '../../address/address-group.ts'
import { FairSemaphore } from '../../fairness/fair-semaphore.ts'
import { countAll, RequestCounters, type RequestLimit } from '../../fairness/request-counters.ts'

/** A counter and its limit. */
type NamedLimit = readonly [name: string, limit: RequestLimit]

/** Failures with one account: a person mistypes a password a few times. */
const ACCOUNT_FAILURES: RequestLimit = { requests: 10, per: 'hour' }
/** Failures from one address. */
const ADDRESS_FAILURES: RequestLimit = { requests: 30, per: 'minute' }
/** Failures of all accounts and addresses together. */
const ALL_FAILURES: RequestLimit = { requests: 1_000, per: 'minute' }
/** Requests that anybody may make about an account, such as for a mail. The outbox limits the mails to an address too. */
const ACCOUNT_REQUESTS: RequestLimit = { requests: 10, per: 'hour' }
const ADDRESS_REQUESTS: RequestLimit = { requests: 10, per: 'minute' }
const ALL_REQUESTS: RequestLimit = { requests: 300, per: 'minute' }
/** The most names in memory; beyond that, the least recently used one is dropped. */
const NAMES_MAX = 50_000
/** Passwords that are verified at a time: each takes 19 MiB and tens of ms of one core. */
const VERIFYING_MAX = 2
/** Attempts that may wait for that. */
const WAITING_MAX = 200
const TOO_MANY =
  'There were too many failed attempts. Wait for the seconds in `Retry-After`. A link to set a new password works at once.'
/** Longer than any e-mail address. */
const ACCOUNT_CHARS_MAX = 320
const IN_BROWSER = ' in browser '

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
 * Limits failed attempts per account, per address (per /64 for IPv6) and over all, in the memory of this process. An
 * account that does not exist is limited like one that does. Each attempt counts as a failure until it has succeeded, so
 * that many at the same time are limited too.
 */
export class SignInLimits {
  readonly #counters: RequestCounters
  readonly #verifying = new FairSemaphore({ runningMax: VERIFYING_MAX, waitingMax: WAITING_MAX })

  /** @param monotonicMs a monotonic clock, in ms */
  constructor(monotonicMs: () => number) {
    this.#counters = new RequestCounters(monotonicMs, NAMES_MAX)
  }

  /**
   * Counts a request that anybody may make about an account, known or not.
   *
   * @throws Problem `rate_limited`
   */
  request({ account, address }: { readonly account: string; readonly address: string }): void {
    const counted = [
      this.#counters.look('requests', ALL_REQUESTS),
      this.#counters.look(`requests from ${addressGroup(address)}`, ADDRESS_REQUESTS),
      this.#counters.look(`requests about ${accountName(account)}`, ACCOUNT_REQUESTS),
    ]
    countAll(counted, TOO_MANY)
  }

  /**
   * Makes an attempt, when its turn comes: the addresses take turns.
   *
   * @param prove throws if the attempt fails
   * @returns what `prove` returns
   * @throws Problem `rate_limited`, `unavailable` if too many attempts wait, or whatever `prove` throws
   */
  async attempt<T>(
    { account, address, device, isInSession = false }: Attempt,
    prove: () => Promise<T>,
  ): Promise<T> {
    const group = addressGroup(address)
    const isStrange = account !== undefined && device === undefined && !isInSession
    // What nobody can guess must not use up the limit of what somebody can.
    const shared: readonly NamedLimit[] = [
      ...(isStrange ? [['all', ALL_FAILURES] satisfies NamedLimit] : []),
      [`address ${group}`, ADDRESS_FAILURES],
    ]
    const own: readonly NamedLimit[] =
      account === undefined ? [] : [[accountName(account, device), ACCOUNT_FAILURES]]
    countAll(
      [...shared, ...own].map(([name, limit]) => this.#counters.look(name, limit)),
      TOO_MANY,
    )
    const takeBack = (limits: readonly NamedLimit[]): void => {
      for (const [name, limit] of limits) this.#counters.takeBack(name, limit)
    }
    try {
      const proved = await this.#verifying.run({ organization: group, pipeline: '' }, prove)
      takeBack(shared)
      for (const [name] of own) this.#counters.forget(name)
      return proved
    } catch (error) {
      // An outage proves nothing about the caller.
      if (!(error instanceof Problem) || error.code === 'unavailable') takeBack([...shared, ...own])
      // The password was right; only the account counts the code that is missing.
      else if (error.code === 'second_factor_required') takeBack(shared)
      throw error
    }
  }

  /** Forgets the failures of an account, whose password is a new one: in known browsers too. */
  forget(account: string): void {
    const own = accountName(account)
    this.#counters.forgetWhere((name) => name === own || name.startsWith(`${own}${IN_BROWSER}`))
  }
}

/** Short, because anybody can send any text as an address. */
function accountName(account: string, device?: string): string {
  const name = `account ${account.slice(0, ACCOUNT_CHARS_MAX)}`
  return device === undefined ? name : `${name}${IN_BROWSER}${device}`
}
