import { gcraWithDebt, type GcraVerdict } from '@sallyport/core'
import type { CountedCounter, KnownCounter } from './limit-store.ts'

/**
 * A counter that gateways share, as one of them knows it: a level that is never above what all gateways allowed together,
 * so that no request is refused which one gateway with all requests would allow.
 */
export class SharedCounter {
  /** Its key in the store. */
  readonly key: string
  #requests: number
  readonly #windowMs: number
  #level = 0
  /** When it had this level. It never goes back: a thread can ask with a time from before another one counted, and what has drained would drain again. */
  #atMs = 0
  /** The requests that this gateway allowed by itself and did not tell the store. */
  #uncounted = 0
  /** When this gateway last decided by it, by the monotonic clock. */
  usedAtMs = -Infinity
  /** The era of the store in which it was last read; see `LimitStore`. */
  readInEra = -1
  /** The exchange that it is in; null if it is in none. */
  exchange: Promise<void> | null = null

  constructor(key: string, requests: number, windowMs: number) {
    this.key = key
    this.#requests = requests
    this.#windowMs = windowMs
  }

  /** Whether the store does not know of all that this gateway allowed. */
  get isUntold(): boolean {
    return this.#uncounted > 0
  }

  /** Whether it is above 0. */
  isUsed(nowMs: number): boolean {
    return this.#levelAt(nowMs) > 0
  }

  /** Takes another number of requests: who has used more than a lower one has used all of it, and no more. */
  limitTo(requests: number): void {
    if (requests === this.#requests) return
    this.#requests = requests
    this.#level = Math.min(this.#level, requests)
  }

  /** The verdict of one request now, which is counted by `count`. */
  ask(nowMs: number): GcraVerdict {
    return gcraWithDebt(this.#requests, this.#windowMs, this.#level, this.#atMs, nowMs)
  }

  /** The verdict of one request at a level of the store, which has counted it if all of its limits allow it. */
  verdictAt(level: number): GcraVerdict {
    return gcraWithDebt(this.#requests, this.#windowMs, level, 0, 0)
  }

  /** Counts a request that this gateway allowed by itself. */
  count(nowMs: number): void {
    this.#level = this.#levelAt(nowMs) + 1
    this.#atMs = Math.max(this.#atMs, nowMs)
    this.#uncounted += 1
  }

  /**
   * What the store is asked to charge. What it was not told is left out of the level, because the next exchange adds it.
   */
  known(nowMs: number): KnownCounter {
    return this.#known(Math.max(0, this.#levelAt(nowMs) - this.#uncounted))
  }

  /**
   * Takes what the store was not told, to tell it once: a message without an answer is not repeated, since the store may
   * have counted it. The level that goes with each message makes up for a lost one.
   *
   * @param ageMs how old what was not told is at most. After an outage it can be older, and has drained in part
   */
  take(nowMs: number, ageMs: number): CountedCounter {
    const level = this.#levelAt(nowMs)
    const count = Math.min(this.#uncounted, level + (ageMs * this.#requests) / this.#windowMs)
    this.#uncounted = 0
    return { ...this.#known(level), count }
  }

  /**
   * Takes over a level of the store, with what was allowed here since it was asked.
   *
   * @param askedAtMs when the store was asked, which is not after it answered: the level is drained from then on, so that it
   *   is never too high
   */
  learn(level: number, askedAtMs: number, nowMs: number): void {
    const drained = level - this.#drainOf(nowMs - askedAtMs) + this.#uncounted
    this.#level = Math.max(this.#levelAt(nowMs), drained)
    this.#atMs = Math.max(this.#atMs, nowMs)
  }

  #known(level: number): KnownCounter {
    return { key: this.key, requests: this.#requests, windowMs: this.#windowMs, level }
  }

  #levelAt(nowMs: number): number {
    return Math.max(0, this.#level - this.#drainOf(nowMs - this.#atMs))
  }

  #drainOf(elapsedMs: number): number {
    return (Math.max(0, elapsedMs) * this.#requests) / this.#windowMs
  }
}
