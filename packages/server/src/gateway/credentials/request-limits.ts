import { hash } from 'node:crypto'
import type { PlanLimit, Principal, RateLimit, SetLimit } from '@sallyport/core'
import { addressGroup } from '../../address/address-group.ts'

/** A request to count, and the limits that apply to it. */
export interface RateLimitedRequest {
  /** The slug of the pipeline's organization. */
  readonly organization: string
  /** The prefix of the pipeline's counter names. */
  readonly counterPrefix: string
  readonly pipelineLimits: readonly RateLimit[]
  readonly keyLimits: readonly RateLimit[]
  /** Those that the pipeline's organization set for a key of another one. */
  readonly externalKeyLimits: readonly RateLimit[]
  /** Those of the plan of the principal's consumer. */
  readonly planLimits: readonly PlanLimit[]
  readonly principal: Principal
  /** The `iss` of the environment's own tokens. */
  readonly ownIssuer: string
  /** Returns the client's address; called only for callers without another identity. */
  readonly address: () => string
}

/**
 * What a counter counts. Separate, so that a caller with many addresses or many issuer subjects cannot evict a consumer's
 * counter, nor a plan that counts each pipeline the counters of limits without a plan.
 */
export type CounterKind = 'credentials' | 'plans' | 'subjects' | 'addresses'

/**
 * Calls a function for each limit of a request, in the order of the budgets.
 *
 * @param visit gets the kind of the limit's counter and its name, which is unique within the kind
 */
export function eachLimit(
  request: RateLimitedRequest,
  visit: (kind: CounterKind, name: string, set: SetLimit) => void,
): void {
  const caller = callerOf(request)
  const one = (set: SetLimit): void =>
    visit(set.of === 'plan' ? 'plans' : caller.kind, counterName(request, caller, set), set)
  for (const limit of request.pipelineLimits) one({ of: 'pipeline', limit })
  for (const limit of request.keyLimits) one({ of: 'key', limit })
  for (const limit of request.externalKeyLimits) one({ of: 'external-key', limit })
  for (const limit of request.planLimits) one({ of: 'plan', limit })
}

/** A caller, and the names by which it is counted. */
interface Caller {
  readonly kind: CounterKind
  readonly credential: string
  /** The name for limits by consumer: all credentials of a consumer share it. */
  readonly consumer: string
}

function callerOf({ principal, ownIssuer, address }: RateLimitedRequest): Caller {
  const { consumer, keyId, claims } = principal
  const credential = keyId ?? consumer
  if (credential !== null) return { kind: 'credentials', credential, consumer: consumer ?? credential }
  const subject = issuerSubject(claims, ownIssuer)
  if (subject !== null) return { kind: 'subjects', credential: subject, consumer: subject }
  const group = addressGroup(address())
  return { kind: 'addresses', credential: group, consumer: group }
}

/** Neither the amount nor the order of the limits is part of the name: no edit of them gives a new count. */
function counterName(
  { counterPrefix, organization }: RateLimitedRequest,
  caller: Caller,
  set: SetLimit,
): string {
  const { per } = set.limit
  switch (set.of) {
    case 'pipeline': {
      const subject =
        set.limit.by === 'consumer' ? `consumer ${caller.consumer}` : `credential ${caller.credential}`
      return `${counterPrefix}${per} ${subject}`
    }
    // The limits of a key count its requests to all organizations together.
    case 'key':
      return `key ${per} credential ${caller.credential}`
    case 'external-key':
      return `external-key ${organization} ${per} credential ${caller.credential}`
    // The plan is not part of the name either: another plan gives no new count.
    case 'plan':
      return set.limit.scope === 'pipeline'
        ? `${counterPrefix}${per} ${caller.consumer}`
        : `${organization} ${per} ${caller.consumer}`
  }
}

/**
 * The caller named by a trusted issuer's token: issuer and subject together are unique (RFC 7519 section 4.1.2). Null if
 * there is no such token. The subject of an own token without a consumer does not identify its bearer: the pipeline
 * chooses it and may use the same one for all.
 *
 * @returns a digest, since a token can have a subject of several kilobytes
 */
function issuerSubject(claims: Principal['claims'], ownIssuer: string): string | null {
  if (claims === null) return null
  const { iss, sub } = claims
  if (typeof iss !== 'string' || typeof sub !== 'string' || iss === ownIssuer) return null
  // The length prefix keeps different pairs of issuer and subject apart.
  return hash('sha256', `${iss.length} ${iss} ${sub}`)
}
