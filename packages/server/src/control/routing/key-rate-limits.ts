import { WINDOW_MS, type GcraVerdict, type RateLimit } from '@sallyport/core'
import type { FastifyReply } from 'fastify'
import { countAll, RequestCounters } from '../../fairness/request-counters.ts'

const COUNTERS_MAX = 10_000
const SECOND_MS = 1000

/** A key that calls the management API. */
export interface CountedKey {
  readonly id: string
  readonly consumer: string | null
  readonly ownRateLimits: readonly RateLimit[]
  /** The limits of another organization's key in the organization that added it. */
  readonly external: { readonly organization: string; readonly rateLimits: readonly RateLimit[] } | null
}

/** A limit, who set it, and the beginning of its counters' names. */
interface AppliedLimit {
  readonly of: 'key' | 'external-key'
  readonly scope: string
  readonly limit: RateLimit
}

/** A limit of the key's owner counts its requests to all organizations together. */
function limitsOf({ ownRateLimits, external }: CountedKey): readonly AppliedLimit[] {
  const own = ownRateLimits.map((limit): AppliedLimit => ({ of: 'key', scope: '', limit }))
  if (external === null) return own
  const scope = `${external.organization} `
  return [...own, ...external.rateLimits.map((limit): AppliedLimit => ({ of: 'external-key', scope, limit }))]
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
  consume(key: CountedKey, reply: Pick<FastifyReply, 'header'>): void {
    const applied = limitsOf(key)
    if (applied.length === 0) return
    const { id, consumer } = key
    const counted = applied.map(({ of, scope, limit }) => {
      const caller = limit.by === 'consumer' ? (consumer ?? id) : id
      // The name includes the limit's values, so that a changed limit starts a new counter.
      const name = `${scope}${limit.requests}/${limit.per} ${limit.by} ${caller}`
      return { of, limit, ...this.#counters.look(name, limit) }
    })
    void reply.header('ratelimit-policy', counted.map(policyOf).join(', '))
    const isCounted = counted.every(({ verdict }) => verdict.allowed)
    void reply.header('ratelimit', counted.map((each) => stateOf(each, isCounted)).join(', '))
    countAll(counted)
  }
}

/** An item of `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-10), named as in a gateway's response. */
function policyOf({ of, limit: { requests, per } }: Pick<AppliedLimit, 'of' | 'limit'>): string {
  return `"${of}-${per}";q=${requests};w=${WINDOW_MS[per] / SECOND_MS}`
}

/** An item of `RateLimit`. A request that another limit refuses is not counted under this one. */
function stateOf(
  { of, limit, verdict }: Pick<AppliedLimit, 'of' | 'limit'> & { readonly verdict: GcraVerdict },
  isCounted: boolean,
): string {
  const { requests, per } = limit
  const uncounted = verdict.allowed && !isCounted ? 1 : 0
  const resetAfterMs = Math.max(0, verdict.resetAfterMs - (uncounted * WINDOW_MS[per]) / requests)
  return `"${of}-${per}";r=${verdict.remaining + uncounted};t=${Math.ceil(resetAfterMs / SECOND_MS)}`
}
