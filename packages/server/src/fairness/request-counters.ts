import { gcra, Problem, WINDOW_MS, type GcraVerdict, type RateLimit } from '@sallyport/core'

/** How many requests a counter admits in a time. */
export type RequestLimit = Pick<RateLimit, 'requests' | 'per'>

const SECOND_MS = 1000

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
  look(name: string, { requests, per }: RequestLimit): CountedRequest {
    const nowMs = this.#monotonicMs()
    const { level, atMs } = this.#counters.get(name) ?? { level: 0, atMs: nowMs }
    const verdict = gcra(requests, WINDOW_MS[per], level, atMs, nowMs)
    return { verdict, count: () => this.#set(name, { level: verdict.level, atMs: nowMs }) }
  }

  /** Takes one counted request back. */
  takeBack(name: string, { requests, per }: RequestLimit): void {
    const nowMs = this.#monotonicMs()
    const { level, atMs } = this.#counters.get(name) ?? { level: 0, atMs: nowMs }
    const drained = level - ((nowMs - atMs) * requests) / WINDOW_MS[per]
    // An empty counter must not take the place of another one.
    if (drained <= 1) this.forget(name)
    else this.#set(name, { level: drained - 1, atMs: nowMs })
  }

  /** Forgets all counted requests. */
  forget(name: string): void {
    this.#counters.delete(name)
  }

  /** Forgets all counted requests of the counters with such names. It looks at each name. */
  forgetWhere(isForgotten: (name: string) => boolean): void {
    for (const name of this.#counters.keys()) {
      if (isForgotten(name)) this.#counters.delete(name)
    }
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

/**
 * Counts a request at all of these counters, or at none if one of them is used up.
 *
 * @param detail what there were too many of, and what to do
 * @throws Problem `rate_limited`
 */
export function countAll(counted: readonly CountedRequest[], detail?: string): void {
  requireAllowed(counted, detail)
  for (const { count } of counted) count()
}

/**
 * Requires that none of these counters is used up.
 *
 * @throws Problem `rate_limited`
 */
export function requireAllowed(counted: readonly CountedRequest[], detail?: string): void {
  const waitsMs = counted.flatMap(({ verdict }) => (verdict.allowed ? [] : verdict.retryAfterMs))
  if (waitsMs.length === 0) return
  throw new Problem('rate_limited', {
    ...(detail === undefined ? {} : { detail }),
    extensions: { retryAfterSeconds: Math.max(1, Math.ceil(Math.max(...waitsMs) / SECOND_MS)) },
  })
}
