import type { CountedCounter, KnownCounter } from '../limit-store.ts'

/*
 * What the scripts of the store do, in TypeScript and by a clock that is an argument. A test runs both side by side on a
 * real store.
 */

interface StoredCounter {
  readonly level: number
  readonly atMs: number
  readonly requests: number
  readonly expiresAtMs: number
}

const EMPTY_MS_MAX = 60_000

export class StoreModel {
  readonly #counters = new Map<string, StoredCounter>()

  /** Loses everything, as a store without persistence that starts again. */
  clear(): void {
    this.#counters.clear()
  }

  /** `CHARGE` for one request. @returns the levels before it */
  charge(counters: readonly KnownCounter[], sentAtMs: number, nowMs: number): number[] {
    const levels = counters.map((counter) =>
      Math.max(0, knownAt(counter, sentAtMs, nowMs), this.#read(counter, nowMs) ?? 0),
    )
    const isWithin = counters.every(
      ({ requests }, index) => (levels[index] ?? 0) + 1 <= requests * (1 + 1e-12),
    )
    if (isWithin) {
      for (const [index, counter] of counters.entries()) this.#write(counter, (levels[index] ?? 0) + 1, nowMs)
    }
    return levels
  }

  /** `EXCHANGE`. @returns the levels after it */
  exchange(counters: readonly CountedCounter[], ageMs: number, sentAtMs: number, nowMs: number): number[] {
    return counters.map((counter) => {
      const { requests, windowMs, count } = counter
      const lowest = (-ageMs * requests) / windowMs
      const stored = this.#read(counter, nowMs)
      let level = stored ?? lowest
      if (count > 0) level = Math.max(level, lowest) + count
      level = Math.max(level, knownAt(counter, sentAtMs - ageMs, nowMs))
      if (count > 0 || (level > 0 && (stored === undefined || level > stored))) {
        this.#write(counter, level, nowMs)
      }
      return level
    })
  }

  #read({ key, requests, windowMs }: KnownCounter, nowMs: number): number | undefined {
    const stored = this.#counters.get(key)
    if (stored === undefined || nowMs >= stored.expiresAtMs) return undefined
    const level = stored.requests === requests ? stored.level : Math.min(stored.level, requests)
    return level - (Math.max(0, nowMs - stored.atMs) * requests) / windowMs
  }

  #write({ key, requests, windowMs }: KnownCounter, level: number, nowMs: number): void {
    const lastsMs = Math.ceil((Math.max(0, level) * windowMs) / requests) + EMPTY_MS_MAX
    this.#counters.set(key, { level, atMs: nowMs, requests, expiresAtMs: nowMs + lastsMs })
  }
}

function knownAt({ level, requests, windowMs }: KnownCounter, sentAtMs: number, nowMs: number): number {
  return level - (Math.max(0, nowMs - sentAtMs) * requests) / windowMs
}
