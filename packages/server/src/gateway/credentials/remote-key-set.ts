import { Problem } from '@sallyport/core'
import type { JwsHeader } from '../../crypto/compact-jws.ts'
import type { KeySet } from '../../crypto/key-set.ts'
import { candidateKeys } from '../../crypto/verify-jws.ts'

/** How long fetched keys count as fresh, in ms. */
const FRESH_MS = 10 * 60_000
/** The minimum time between fetches for tokens with an unknown key, in ms. */
const UNKNOWN_KEY_MS = 30_000
/** The minimum time between a failed fetch and the next one, in ms. */
const RETRY_MS = 10_000
/** How many requests may wait for one fetch; further ones fail with `unavailable`. */
const WAITING_MAX = 1024

/** Published keys, and whether they are fresh. */
export interface PublishedKeys {
  readonly keys: KeySet
  readonly areFresh: boolean
}

/**
 * The key set published at one URL. It is fetched on first use, when it is no longer fresh, and when a token names an
 * unknown key, always at a bounded rate. While the URL is down, the last known keys stay in use.
 */
export class RemoteKeySet {
  readonly #load: () => Promise<KeySet>
  readonly #onFault: (error: unknown) => void
  #keys: KeySet | null = null
  #loadedAtMs = 0
  #triedAtMs = -Infinity
  #hasFailed = false
  #pending: Promise<void> | null = null
  #waiting = 0

  /**
   * @param load fetches the keys within a bounded time
   * @param onFault called with each error of `load`
   */
  constructor(load: () => Promise<KeySet>, onFault: (error: unknown) => void) {
    this.#load = load
    this.#onFault = onFault
  }

  /**
   * The keys for verifying a token. If the token's key is unknown, the keys are first refreshed, if the rate allows it.
   *
   * @param header the token's
   * @param monotonicMs the present time by the monotonic clock
   * @throws Problem `unavailable` when the URL is down or too many requests wait for it
   */
  async keysFor(header: JwsHeader, monotonicMs: number): Promise<PublishedKeys> {
    if (this.#keys !== null && candidateKeys(header, this.#keys).length > 0) {
      // A background refresh: this token's key is known.
      if (!this.#areFresh(monotonicMs) && this.#mayTry(monotonicMs, 0)) void this.#refresh(monotonicMs)
    } else if (this.#pending !== null || this.#mayTry(monotonicMs, UNKNOWN_KEY_MS)) {
      await this.#wait(this.#refresh(monotonicMs))
    }
    const keys = this.#keys
    if (keys === null || (this.#hasFailed && candidateKeys(header, keys).length === 0)) {
      throw new Problem('unavailable')
    }
    return { keys, areFresh: this.#areFresh(monotonicMs) }
  }

  #areFresh(monotonicMs: number): boolean {
    return monotonicMs - this.#loadedAtMs < FRESH_MS
  }

  /** @param afterMs the minimum time since the last successful attempt */
  #mayTry(monotonicMs: number, afterMs: number): boolean {
    return monotonicMs - this.#triedAtMs >= (this.#hasFailed ? RETRY_MS : afterMs)
  }

  async #wait(refresh: Promise<void>): Promise<void> {
    if (this.#waiting >= WAITING_MAX) throw new Problem('unavailable')
    this.#waiting += 1
    await refresh
    this.#waiting -= 1
  }

  /** Fetches the keys. Concurrent callers share the fetch. Never rejects. */
  #refresh(monotonicMs: number): Promise<void> {
    this.#pending ??= this.#fetch(monotonicMs).finally(() => {
      this.#pending = null
    })
    return this.#pending
  }

  async #fetch(monotonicMs: number): Promise<void> {
    this.#triedAtMs = monotonicMs
    try {
      this.#keys = await this.#load()
      this.#loadedAtMs = monotonicMs
      this.#hasFailed = false
    } catch (error) {
      this.#hasFailed = true
      this.#onFault(error)
    }
  }
}
