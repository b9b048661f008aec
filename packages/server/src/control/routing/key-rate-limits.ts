import { Problem, WINDOW_MS, type GcraVerdict, type RateLimit } from '@sallyport/core'
import type { FastifyReply } from 'fastify'
import { RequestCounters } from './request-counters.ts'

const COUNTERS_MAX = 10_000
const SECOND_MS = 1000

/** A key that calls the management API. */
export interface CountedKey {
  readonly id: string
  readonly consumer: string | null
  readonly bounds: { readonly rateLimits: readonly RateLimit[] }
}

/** Counts the requests of keys with rate limits, in the memory of this process. */
export class KeyRateLimits {
  readonly #counters: RequestCounters

  constructor(monotonicMs: () => number, countersMax = COUNTERS_MAX) {
    this.#counters = new RequestCounters(monotonicMs, countersMax)
  }

  /**
   * Counts a request under all limits of the key, or under none if one of them is exceeded. Adds the `RateLimit` headers.
   *
   * @throws Problem `rate_limited`
   */
  consume({ id, consumer, bounds }: CountedKey, reply: Pick<FastifyReply, 'header'>): void {
    const { rateLimits } = bounds
    if (rateLimits.length === 0) return
    const counted = rateLimits.map((limit) => {
      const caller = limit.by === 'consumer' ? (consumer ?? id) : id
      // The name includes the limit's values, so that a changed limit starts a new counter.
      const name = `${limit.requests}/${limit.per} ${limit.by} ${caller}`
      return { limit, ...this.#counters.look(name, limit) }
    })
    void reply.header('ratelimit-policy', counted.map(({ limit }) => policyOf(limit)).join(', '))
    const refusing = counted.filter(({ verdict }) => !verdict.allowed)
    const isCounted = refusing.length === 0
    void reply.header('ratelimit', counted.map((each) => stateOf(each, isCounted)).join(', '))
    if (isCounted) {
      for (const { count } of counted) count()
      return
    }
    const retryAfterMs = Math.max(...refusing.map(({ verdict }) => verdict.retryAfterMs))
    throw new Problem('rate_limited', {
      extensions: { retryAfterSeconds: Math.max(1, Math.ceil(retryAfterMs / SECOND_MS)) },
    })
  }
}

/** An item of `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-10), named as in a gateway's response. */
function policyOf({ requests, per }: RateLimit): string {
  return `"key-${per}";q=${requests};w=${WINDOW_MS[per] / SECOND_MS}`
}

/** An item of `RateLimit`. A request that another limit refuses is not counted under this one. */
function stateOf(
  { limit, verdict }: { readonly limit: RateLimit; readonly verdict: GcraVerdict },
  isCounted: boolean,
): string {
  const { requests, per } = limit
  const uncounted = verdict.allowed && !isCounted ? 1 : 0
  const resetAfterMs = Math.max(0, verdict.resetAfterMs - (uncounted * WINDOW_MS[per]) / requests)
  return `"key-${per}";r=${verdict.remaining + uncounted};t=${Math.ceil(resetAfterMs / SECOND_MS)}`
}
