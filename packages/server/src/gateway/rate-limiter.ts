import { gcra, WINDOW_MS, type LimitFact, type Principal, type RateLimit } from '@sallyport/core'
import { countedAddress } from './client-address.ts'

/** How many counters are kept; each is a name and two numbers, some 250 bytes. The one unused longest goes first. */
const COUNTERS_MAX = 100_000

/** How many requests a counter held, and when. */
interface Level {
  readonly level: number
  readonly atMs: number
}

const NEVER_SEEN: Level = { level: 0, atMs: 0 }
const WITHIN: LimitFact = { kind: 'within' }

/** Who is counted, and under which limits. */
export interface LimitQuestion {
  /** In front of the names of a pipeline's counters. */
  readonly counterPrefix: string
  readonly pipelineLimits: readonly RateLimit[]
  readonly keyLimits: readonly RateLimit[]
  readonly principal: Principal
  /** The client's address, for callers who show no credential; asked for only then. */
  readonly address: () => string
}

/** Counts requests in this process's memory. A fleet's gateways each count for themselves. */
export class RateLimiter {
  /** By counter, in the order of last use. */
  readonly #levels = new Map<string, Level>()
  readonly #countersMax: number

  constructor(countersMax: number = COUNTERS_MAX) {
    this.#countersMax = countersMax
  }

  get size(): number {
    return this.#levels.size
  }

  /**
   * Judges a request against all its limits at once: it is counted under all of them, or, when one is exceeded, under
   * none, so that being refused by one costs nothing under another.
   */
  judge(question: LimitQuestion, nowMs: number): LimitFact {
    const counters: string[] = []
    const levels: number[] = []
    let retryAfterMs = -1
    const count = question.pipelineLimits.length + question.keyLimits.length
    for (let index = 0; index < count; index += 1) {
      const limit =
        question.pipelineLimits[index] ?? question.keyLimits[index - question.pipelineLimits.length]
      if (limit === undefined) continue
      const ofPipeline = index < question.pipelineLimits.length
      // What the limit says is part of the name, so that one that is changed starts afresh.
      const counter = `${ofPipeline ? question.counterPrefix : 'key '}${limit.requests}/${limit.per} ${index} ${
        ofPipeline ? callerName(question, limit.by) : callerName(question, 'credential')
      }`
      const { level, atMs } = this.#levels.get(counter) ?? NEVER_SEEN
      const verdict = gcra(limit.requests, WINDOW_MS[limit.per], level, atMs, nowMs)
      if (!verdict.allowed) retryAfterMs = Math.max(retryAfterMs, verdict.retryAfterMs)
      counters.push(counter)
      levels.push(verdict.level)
    }
    if (retryAfterMs >= 0) return { kind: 'exceeded', retryAfterMs }
    for (let index = 0; index < counters.length; index += 1) {
      this.#store(counters[index] ?? '', { level: levels[index] ?? 0, atMs: nowMs })
    }
    return WITHIN
  }

  #store(counter: string, level: Level): void {
    // Deleting first moves the counter to the end of the map's order.
    this.#levels.delete(counter)
    this.#levels.set(counter, level)
    if (this.#levels.size > this.#countersMax) {
      const oldest = this.#levels.keys().next()
      if (oldest.done !== true) this.#levels.delete(oldest.value)
    }
  }
}

/** Whom a request counts for. The kinds are told apart by what ids look like: `key_…`, a consumer's, an address. */
function callerName({ principal, address }: LimitQuestion, by: RateLimit['by']): string {
  const { consumer, keyId } = principal
  const name = by === 'consumer' ? (consumer ?? keyId) : (keyId ?? consumer)
  return name ?? `address ${countedAddress(address())}`
}
