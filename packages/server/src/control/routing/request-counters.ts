import { gcra, WINDOW_MS, type GcraVerdict, type RateLimit } from '@sallyport/core'

interface Counter {
  readonly level: number
  readonly atMs: number
}

/** Counters under names, in the memory of this process. The least recently used one is dropped when there are too many. */
export class RequestCounters {
  readonly #counters = new Map<string, Counter>()
  readonly #monotonicMs: () => number
  readonly #countersMax: number

  /** @param monotonicMs a monotonic clock, so that a change of the wall clock neither frees nor blocks a caller */
  constructor(monotonicMs: () => number, countersMax: number) {
    this.#monotonicMs = monotonicMs
    this.#countersMax = countersMax
  }

  /** What one more request would get. It is not counted yet. */
  look(name: string, { requests, per }: Pick<RateLimit, 'requests' | 'per'>): CountedRequest {
    const nowMs = this.#monotonicMs()
    const { level, atMs } = this.#counters.get(name) ?? { level: 0, atMs: nowMs }
    const verdict = gcra(requests, WINDOW_MS[per], level, atMs, nowMs)
    return { verdict, count: () => this.#set(name, { level: verdict.level, atMs: nowMs }) }
  }

  /** Takes one counted request back. */
  take(name: string, { requests, per }: Pick<RateLimit, 'requests' | 'per'>): void {
    const nowMs = this.#monotonicMs()
    const { level, atMs } = this.#counters.get(name) ?? { level: 0, atMs: nowMs }
    const drained = level - ((nowMs - atMs) * requests) / WINDOW_MS[per]
    this.#set(name, { level: Math.max(0, drained - 1), atMs: nowMs })
  }

  /** Forgets all counted requests. */
  forget(name: string): void {
    this.#counters.delete(name)
  }

  #set(name: string, counter: Counter): void {
    // Deleting first moves the counter to the end of the map.
    this.#counters.delete(name)
    this.#counters.set(name, counter)
    if (this.#counters.size <= this.#countersMax) return
    const oldest = this.#counters.keys().next()
    if (oldest.done !== true) this.#counters.delete(oldest.value)
  }
}

/** A request at a counter. */
export interface CountedRequest {
  readonly verdict: GcraVerdict
  /** Counts it. */
  readonly count: () => void
}
