import { Problem } from '@sallyport/core'
import type { JwsHeader } from '../../crypto/compact-jws.ts'
import type { KeySet } from '../../crypto/key-set.ts'
import { candidateKeys } from '../../crypto/verify-jws.ts'

/** How long keys are taken for current, in ms. */
const FRESH_MS = 10 * 60_000
/** How often a token with an unknown key can have the keys fetched, in ms. */
const UNKNOWN_KEY_MS = 30_000
/** How long after a fetch that failed the next one is made, in ms. */
const RETRY_MS = 10_000
/** How many requests wait for one fetch; more are told to come again. */
const WAITING_MAX = 1024

/** Keys that were published, and whether they are current. */
export interface PublishedKeys {
  readonly keys: KeySet
  readonly areFresh: boolean
}

/**
 * The keys that are published at one place. They are fetched on first use, again when they are no longer fresh, and when
 * a token names one that is not among them; at a bounded rate, whatever comes. When the place is down, the last known
 * ones go on.
 */
export class RemoteKeySet {
  readonly #load: () => Promise<KeySet>
  readonly #onFault: (error: unknown) => void
  #keys: KeySet | null = null
  #loadedAtMs = 0
  #triedAtMs: number | null = null
  #hasFailed = false
  #pending: Promise<void> | null = null
  #waiting = 0

  /**
   * @param load fetches the keys, in a bounded time
   * @param onFault told of each time that this fails
   */
  constructor(load: () => Promise<KeySet>, onFault: (error: unknown) => void) {
    this.#load = load
    this.#onFault = onFault
  }

  /**
   * The keys for a token, which may not be among them: then they are as current as the bounded rate allows.
   *
   * @throws Problem `unavailable` where that cannot be told: the place is down, or too many wait for it already
   */
  async keysFor(header: JwsHeader, nowMs: number): Promise<PublishedKeys> {
    if (this.#keys !== null && candidateKeys(header, this.#keys).length > 0) {
      // Nobody waits for this one.
      if (!this.#areFresh(nowMs) && this.#mayTry(nowMs, 0)) void this.#refresh(nowMs)
    } else if (this.#pending !== null || this.#mayTry(nowMs, UNKNOWN_KEY_MS)) {
      await this.#wait(this.#refresh(nowMs))
    }
    const keys = this.#keys
    if (keys === null || (this.#hasFailed && candidateKeys(header, keys).length === 0)) {
      throw new Problem('unavailable')
    }
    return { keys, areFresh: this.#areFresh(nowMs) }
  }

  #areFresh(nowMs: number): boolean {
    // A clock that was set back must not make them fresh for long.
    return Math.abs(nowMs - this.#loadedAtMs) < FRESH_MS
  }

  /** @param afterMs how long after a try that did not fail the next one may be */
  #mayTry(nowMs: number, afterMs: number): boolean {
    if (this.#triedAtMs === null) return true
    // Nor put the next try off.
    return Math.abs(nowMs - this.#triedAtMs) >= (this.#hasFailed ? RETRY_MS : afterMs)
  }

  async #wait(refresh: Promise<void>): Promise<void> {
    if (this.#waiting >= WAITING_MAX) throw new Problem('unavailable')
    this.#waiting += 1
    await refresh
    this.#waiting -= 1
  }

  /** Fetches the keys; never rejects. Whoever comes meanwhile shares the fetch. */
  #refresh(nowMs: number): Promise<void> {
    this.#pending ??= this.#fetch(nowMs).finally(() => {
      this.#pending = null
    })
    return this.#pending
  }

  async #fetch(nowMs: number): Promise<void> {
    this.#triedAtMs = nowMs
    try {
      this.#keys = await this.#load()
      this.#loadedAtMs = nowMs
      this.#hasFailed = false
    } catch (error) {
      this.#hasFailed = true
      this.#onFault(error)
    }
  }
}
