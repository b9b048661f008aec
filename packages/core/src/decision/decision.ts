import type { KeyClaim } from './credentials.ts'
import type { DenyReason } from './deny.ts'
import type { DeploymentRecord } from '../feed/records.ts'
import type { KeyId } from '../keys/key-text.ts'
import type { RateLimit } from '../pipelines/pipeline-spec.ts'

/** Where a request goes, as the router found it in the snapshot. */
export type RouteFact =
  | { readonly kind: 'found'; readonly deployment: DeploymentRecord }
  | { readonly kind: 'not_found' }
  | { readonly kind: 'method_not_allowed'; readonly allowed: readonly string[] }

/** What Basic credentials turned out to be. */
export type BasicFact =
  | { readonly kind: 'missing' | 'ambiguous' | 'invalid' }
  | { readonly kind: 'valid'; readonly consumer: string }

/** What a JWT turned out to be. */
export type JwtFact =
  | { readonly kind: 'missing' | 'ambiguous' | 'invalid' | 'expired' }
  | {
      readonly kind: 'valid'
      /** The consumer's id or the key's id that it was minted for (`azp`); null from a trusted issuer. */
      readonly mintedFor: string | null
      /**
       * The API key that came with the login that the token was got by, where `mintedFor` is not that key itself. Never
       * from a trusted issuer.
       */
      readonly mintedWith?: KeyId | null
      readonly claims: Readonly<Record<string, unknown>>
    }

/** What the limiter said. It is asked last, so that only a request that passes everything else is counted. */
export type LimitFact =
  | { readonly kind: 'within'; readonly budgets?: readonly RateBudget[] }
  | { readonly kind: 'exceeded'; readonly retryAfterMs: number; readonly budgets?: readonly RateBudget[] }

/** What one limit leaves to a caller after a request. */
export interface RateBudget {
  /** Whose limit it is. */
  readonly of: 'pipeline' | 'key'
  readonly limit: RateLimit
  /** How many more requests would go through at once. */
  readonly remaining: number
  /** How long until all of them would again, in ms. */
  readonly resetAfterMs: number
}

/** A request as data. The facts that cost something may be left out: the decision says when it needs one. */
export interface Ask {
  readonly route: RouteFact
  /** A CORS preflight: OPTIONS with `Origin` and `Access-Control-Request-Method`. */
  readonly preflight: boolean
  readonly apiKey: KeyClaim
  /** SHA-256 of the token that `apiKey` holds, 32 bytes; null where it holds none. */
  readonly digest: Uint8Array | null
  /** Whether the caller's address lies in the key's ranges. */
  readonly addressAllowed?: boolean
  readonly basic?: BasicFact
  readonly jwt?: JwtFact
  readonly limit?: LimitFact
}

/** On whose behalf a request goes on. */
export interface Principal {
  /** The organization that the credential belongs to; the pipeline's own where none is asked for. */
  readonly organization: string
  readonly consumer: string | null
  readonly keyId: KeyId | null
  readonly claims: Readonly<Record<string, unknown>> | null
}

/** Which secret of which key was shown and found right; for counting its use. */
export interface SecretUse {
  readonly keyId: KeyId
  readonly sequence: number
}

export interface Allowed {
  readonly kind: 'allow'
  readonly deployment: DeploymentRecord
  readonly principal: Principal
  readonly secret: SecretUse | null
  /** What each limit leaves, in order; empty where there is none. */
  readonly budgets: readonly RateBudget[]
}

export interface Denied {
  readonly kind: 'deny'
  readonly reason: DenyReason
  readonly deployment: DeploymentRecord | null
  /** For `method_not_allowed`: what is allowed. */
  readonly allowed: readonly string[]
  /** For `rate_limited`: when to try again, in ms. */
  readonly retryAfterMs: number
  readonly secret: SecretUse | null
  /** What each limit leaves, where they were asked. */
  readonly budgets: readonly RateBudget[]
}

/** A CORS preflight of a route that answers them. */
export interface Preflight {
  readonly kind: 'preflight'
  readonly deployment: DeploymentRecord
}

/** Everything cheaper has passed, and the next check needs this fact: find it, add it to the ask, decide again. */
export type Needed =
  | { readonly kind: 'needs'; readonly fact: 'address'; readonly rules: readonly string[] }
  | { readonly kind: 'needs'; readonly fact: 'basic' | 'jwt'; readonly deployment: DeploymentRecord }
  | {
      readonly kind: 'needs'
      readonly fact: 'limit'
      readonly deployment: DeploymentRecord
      readonly keyLimits: readonly RateLimit[]
      readonly principal: Principal
    }

export type Decision = Allowed | Denied | Preflight | Needed
