import type { KeyClaim } from './credentials.ts'
import type { DenyReason } from './deny.ts'
import type { ConsumerRecord, DeploymentRecord, IssuerRecord, SigningKeyRecord } from '../feed/records.ts'
import type { KeyId } from '../keys/key-text.ts'
import type { PlanLimit } from '../limits/plan-limit.ts'
import type { RateLimit } from '../pipelines/pipeline-spec.ts'

/** The result of routing a request. */
export type RouteFact =
  | { readonly kind: 'found'; readonly deployment: DeploymentRecord }
  | { readonly kind: 'not_found' }
  | { readonly kind: 'method_not_allowed'; readonly allowed: readonly string[] }

/** How a caller's address stands to the rules of a trigger. */
export interface EntryFact {
  /** Whether it is within the trigger's address rules. */
  readonly isAdmitted: boolean
  /** Whether its requests are served during maintenance. */
  readonly isExempt: boolean
}

/** The result of verifying Basic credentials. */
export type BasicFact = { readonly kind: 'missing' | 'ambiguous' | 'invalid' } | ValidBasic

/** A username and password that match a credential. */
export interface ValidBasic {
  readonly kind: 'valid'
  readonly consumer: string
  /** The credential's id. The fact ends with the credential. */
  readonly credential?: string
}

/** The result of verifying a JWT. */
export type JwtFact = { readonly kind: 'missing' | 'ambiguous' | 'invalid' | 'expired' } | ValidJwt

/** A JWT with a valid signature and claims. The optional fields are never set for a JWT that lacks the claim. */
export interface ValidJwt {
  readonly kind: 'valid'
  /** The id of the consumer or key that it was minted for (`azp`); null for a token of a trusted issuer. */
  readonly mintedFor: string | null
  /**
   * The id of the API key that was used to log in, when it is not `mintedFor`. Never set for a token of a trusted
   * issuer.
   */
  readonly mintedWith?: KeyId | null
  /** The sequence of that key's secret. Tokens of earlier releases do not name it. */
  readonly secretSequence?: number | null
  /** The id of the Basic credential that was used to log in. */
  readonly basicCredential?: string | null
  /** `iat`, in milliseconds since 1970. */
  readonly issuedAtMs?: number
  /** The first instant at which its age makes it invalid, in milliseconds since 1970. */
  readonly expiresAtMs?: number
  /** The record whose keys verified the signature. The fact ends with it. */
  readonly verifiedBy?: SigningKeyRecord | IssuerRecord
  readonly claims: Readonly<Record<string, unknown>>
}

/** The limiter's answer. The limiter runs last, so that only requests that pass every other check are counted. */
export type LimitFact =
  | { readonly kind: 'within'; readonly budgets?: readonly RateBudget[] }
  | {
      readonly kind: 'exceeded'
      /** How long until the request would be allowed, in milliseconds. */
      readonly retryAfterMs: number
      readonly budgets?: readonly RateBudget[]
    }

/** A limit, and who set it. */
export type SetLimit =
  /** The pipeline's developer, the key's owner, or the organization that added the external key. */
  | { readonly of: 'pipeline' | 'key' | 'external-key'; readonly limit: RateLimit }
  /** The organization, for all consumers that have the plan. */
  | { readonly of: 'plan'; readonly limit: PlanLimit }

/** How much of one limit remains for a caller after a request. */
export type RateBudget = SetLimit & {
  /** How many more requests would be allowed now. */
  readonly remaining: number
  /** How long until the whole burst is available again, in milliseconds. */
  readonly resetAfterMs: number
  /** Whether one gateway counted alone, because the store that gateways share did not answer. */
  readonly isCountedAlone?: true
}

/** A request as data. Facts that are expensive to find can be left out: `decide` returns `needs` for one it needs. */
export interface Ask {
  readonly route: RouteFact
  /** A CORS preflight: OPTIONS with `Origin` and `Access-Control-Request-Method`. */
  readonly preflight: boolean
  readonly apiKey: KeyClaim
  /** SHA-256 of the token in `apiKey`, 32 bytes; null when it has no token. */
  readonly digest: Uint8Array | null
  /** The id that a key with the foreign token in `apiKey` has; null if it has none, or if no key has a foreign token. */
  readonly foreignKeyId?: KeyId | null
  /** How the caller's address stands to the rules of the trigger. */
  readonly entry?: EntryFact
  /** Whether the caller's address is within the address rules of the key and of its external key. */
  readonly addressAllowed?: boolean
  readonly basic?: BasicFact
  readonly jwt?: JwtFact
  readonly limit?: LimitFact
}

/** The identity that an allowed request acts for. */
export interface Principal {
  /** The credential's organization; the pipeline's organization when no credential is required. */
  readonly organization: string
  /** The consumer's id. */
  readonly consumer: string | null
  readonly keyId: KeyId | null
  /** The claims of the verified JWT. */
  readonly claims: Readonly<Record<string, unknown>> | null
}

/** The secret that a request used, for counting: the one that it sent, or the one that its JWT was obtained with. */
export interface SecretUse {
  readonly keyId: KeyId
  readonly sequence: number
  /** Whether the key belongs to another organization than the pipeline. */
  readonly isExternal: boolean
  /** Whether the key has two live secrets. */
  readonly isRolling: boolean
}

/** The request is allowed. */
export interface Allowed {
  readonly kind: 'allow'
  readonly deployment: DeploymentRecord
  readonly principal: Principal
  /** The consumer that the key of the request belongs to, as it was found; left out without one. */
  readonly keyConsumer?: ConsumerRecord | undefined
  /** Null when the request used no secret. */
  readonly secret: SecretUse | null
  /** The remainder of each limit, in the order of the limits; empty without limits. */
  readonly budgets: readonly RateBudget[]
  /** The verified Basic credentials and JWT, with which the request can be decided again; null if not required. */
  readonly basic: ValidBasic | null
  readonly jwt: ValidJwt | null
  /**
   * When the decision ends although no record changes, because a key, a secret or a JWT expires: in milliseconds since
   * 1970, `Infinity` for never.
   */
  readonly endsAtMs: number
}

/** The request is denied. */
export interface Denied {
  readonly kind: 'deny'
  readonly reason: DenyReason
  /** Null when the request matched no route. */
  readonly deployment: DeploymentRecord | null
  /** For `method_not_allowed`: the allowed methods; otherwise empty. */
  readonly allowed: readonly string[]
  /** For `rate_limited` and `maintenance`: how long to wait, in milliseconds; otherwise 0. */
  readonly retryAfterMs: number
  /** The secret that was verified before another check failed, also of its key's state, or null. */
  readonly secret: SecretUse | null
  /** The id of the pipeline's organization's consumer that was identified before another check failed, or null. */
  readonly consumer: string | null
  /** For `rate_limited`: the remainder of each limit; otherwise empty. */
  readonly budgets: readonly RateBudget[]
}

/** A CORS preflight of a route that has CORS settings. */
export interface Preflight {
  readonly kind: 'preflight'
  readonly deployment: DeploymentRecord
}

/** Address ranges in CIDR form that a caller's address must be in. An empty list allows every address. */
export interface AddressRules {
  /** Those of the key. */
  readonly rules: readonly string[]
  /** Those of the external key in the deployment's organization. */
  readonly externalKeyRules: readonly string[]
}

/** All cheaper checks passed, and the next check needs a fact: find it, add it to the `Ask` and decide again. */
export type Needed =
  | { readonly kind: 'needs'; readonly fact: 'entry'; readonly deployment: DeploymentRecord }
  | ({ readonly kind: 'needs'; readonly fact: 'address' } & AddressRules)
  | { readonly kind: 'needs'; readonly fact: 'basic' | 'jwt'; readonly deployment: DeploymentRecord }
  | {
      readonly kind: 'needs'
      readonly fact: 'limit'
      readonly deployment: DeploymentRecord
      readonly keyLimits: readonly RateLimit[]
      /** Those of the external key in the deployment's organization. */
      readonly externalKeyLimits: readonly RateLimit[]
      /** Those of the plan of the principal's consumer. */
      readonly planLimits: readonly PlanLimit[]
      readonly principal: Principal
    }

/** The result of `decide`. */
export type Decision = Allowed | Denied | Preflight | Needed
