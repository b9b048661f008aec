import type { KeyClaim } from './credentials.ts'
import type { DenyReason } from './deny.ts'
import type { ConsumerRecord, DeploymentRecord } from './feed.ts'
import { keyRefusal } from './key-state.ts'
import { isKeyId, type KeyId } from './key-text.ts'
import type { RateLimit } from './pipeline-spec.ts'
import type { KeyView } from './snapshot/key-view.ts'
import type { Snapshot } from './snapshot/snapshot.ts'

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

/**
 * Decides whether a request goes on. Data in, data out: one precedence, and the first failure wins. The same function
 * serves every door: the gateway, `/authz` and `/v1/…/verify`.
 *
 * @param nowMs milliseconds since 1970 by the gateway's own clock
 */
export function decide(snapshot: Snapshot, ask: Ask, nowMs: number): Decision {
  const { route } = ask
  if (route.kind === 'not_found') return deny('route_not_found', null, null)
  if (route.kind === 'method_not_allowed') {
    return { ...deny('method_not_allowed', null, null), allowed: route.allowed }
  }
  const { deployment } = route
  const { trigger } = deployment.spec
  if (ask.preflight && trigger.cors !== null) return { kind: 'preflight', deployment }

  const { authentication } = trigger
  let key: KeyView | undefined
  let secret: SecretUse | null = null
  if (authentication.apiKey) {
    const judged = judgeKey(snapshot, ask.apiKey, ask.digest, nowMs)
    if (typeof judged === 'string') return deny(judged, deployment, null)
    key = judged.key
    const { place, consumer } = judged
    secret = { keyId: key.id, sequence: key.secretSequence(place) }
    if (!isOfEnvironment(key, deployment)) return deny('key_wrong_environment', deployment, secret)
    const { addressRules } = key.rules
    const verdict = judgeAddress(addressRules, ask, deployment, secret)
    if (verdict !== null) return verdict
    if (!mayCall(snapshot, key, consumer, deployment)) return deny('pipeline_not_allowed', deployment, secret)
  }

  let basicConsumer: string | null = null
  if (authentication.basic) {
    if (ask.basic === undefined) return { kind: 'needs', fact: 'basic', deployment }
    const verdict = judgeBasic(snapshot, ask.basic, key, deployment)
    if (verdict.reason !== null) return deny(verdict.reason, deployment, secret)
    basicConsumer = verdict.consumer
  }

  let mintedFor: string | null = null
  let claims: Readonly<Record<string, unknown>> | null = null
  if (authentication.jwt) {
    if (ask.jwt === undefined) return { kind: 'needs', fact: 'jwt', deployment }
    const reason = judgeJwt(snapshot, ask.jwt, key, basicConsumer, deployment, nowMs)
    if (reason !== null) return deny(reason, deployment, secret)
    if (ask.jwt.kind === 'valid') ({ mintedFor, claims } = ask.jwt)
  }

  // A JWT stands for what it was minted for: a partner's key keeps its own organization when it comes as one.
  const minterId = mintedFor !== null && isKeyId(mintedFor) ? mintedFor : null
  const minter = minterId === null ? undefined : snapshot.keys.find(minterId)
  // A key's own rules and limits hold for its JWTs too, so that logging in is no way around them.
  if (key === undefined && minter !== undefined) {
    const verdict = judgeAddress(minter.rules.addressRules, ask, deployment, secret)
    if (verdict !== null) return verdict
  }
  const holder = key ?? minter
  const principal: Principal = {
    organization: holder?.organization ?? deployment.organization,
    consumer: holder?.consumer ?? basicConsumer ?? (minterId === null ? mintedFor : null),
    keyId: holder?.id ?? null,
    claims,
  }
  const keyLimits = holder?.rules.rateLimits ?? NO_LIMITS
  if (trigger.rateLimits.length > 0 || keyLimits.length > 0) {
    if (ask.limit === undefined) return { kind: 'needs', fact: 'limit', deployment, keyLimits, principal }
    if (ask.limit.kind === 'exceeded') {
      const { retryAfterMs, budgets = NO_BUDGETS } = ask.limit
      return { ...deny('rate_limited', deployment, secret), retryAfterMs, budgets }
    }
  }
  return { kind: 'allow', deployment, principal, secret, budgets: ask.limit?.budgets ?? NO_BUDGETS }
}

const NO_LIMITS: readonly RateLimit[] = []
const NONE_ALLOWED: readonly string[] = []
const NO_BUDGETS: readonly RateBudget[] = []

function deny(reason: DenyReason, deployment: DeploymentRecord | null, secret: SecretUse | null): Denied {
  return {
    kind: 'deny',
    reason,
    deployment,
    allowed: NONE_ALLOWED,
    retryAfterMs: 0,
    secret,
    budgets: NO_BUDGETS,
  }
}

/** A live key, and which of its secrets was shown. */
export interface JudgedKey {
  readonly key: KeyView
  readonly place: number
  /** The consumer that holds the key; undefined for a key of the organization itself. */
  readonly consumer: ConsumerRecord | undefined
}

/**
 * The live key whose secret was shown, or why there is none. Who does not hold a secret learns nothing of the key's
 * state.
 *
 * @param digest SHA-256 of the token that the claim holds, 32 bytes; null where it holds none
 */
export function judgeKey(
  snapshot: Snapshot,
  claim: KeyClaim,
  digest: Uint8Array | null,
  nowMs: number,
): JudgedKey | DenyReason {
  switch (claim.kind) {
    case 'missing':
      return 'credential_missing'
    case 'ambiguous':
      return 'credential_ambiguous'
    case 'invalid':
      return 'credential_invalid'
    case 'token': {
      const key = snapshot.keys.find(claim.parsed.keyId)
      if (key === undefined || digest === null) return 'credential_invalid'
      const place = key.findSecret(digest)
      if (place < 0) return 'credential_invalid'
      const consumer = holderOf(snapshot, key)
      return stateRefusal(key, consumer, key.secretExpiresAtMs(place), nowMs) ?? { key, place, consumer }
    }
  }
}

/** The consumer that holds a key, where there is one. */
function holderOf(snapshot: Snapshot, key: KeyView): ConsumerRecord | undefined {
  const { consumer } = key
  return consumer === null ? undefined : snapshot.consumer(consumer)
}

/** Why the key's state refuses, or undefined. A key is no more active than the consumer that holds it. */
function stateRefusal(
  key: KeyView,
  consumer: ConsumerRecord | undefined,
  secretExpiresAtMs: number,
  nowMs: number,
): DenyReason | undefined {
  const isActive = key.isActive && (consumer === undefined ? key.consumer === null : consumer.active)
  return keyRefusal(key.isDeleted, isActive, key.expiresAtMs, secretExpiresAtMs, nowMs)
}

/** Whether a key works in a deployment's environment. Another organization's environments are not ours, whatever their names. */
function isOfEnvironment(key: KeyView, deployment: DeploymentRecord): boolean {
  if (key.organization !== deployment.organization) return true
  const { environment } = key
  return environment === null || environment === deployment.environment
}

/** What a key's address rules say to a request: null where it may go on. */
function judgeAddress(
  rules: readonly string[],
  ask: Ask,
  deployment: DeploymentRecord,
  secret: SecretUse | null,
): Denied | Needed | null {
  if (rules.length === 0) return null
  if (ask.addressAllowed === undefined) return { kind: 'needs', fact: 'address', rules }
  return ask.addressAllowed ? null : deny('address_not_allowed', deployment, secret)
}

/** Whether a key opens a pipeline: by its kind, its consumer, its roles, or as another organization's key. */
function mayCall(
  snapshot: Snapshot,
  key: KeyView,
  consumer: ConsumerRecord | undefined,
  deployment: DeploymentRecord,
): boolean {
  const { organization } = deployment
  if (key.organization !== organization) {
    const external = snapshot.externalKey(organization, key.id)
    return (
      external !== undefined &&
      external.active &&
      !key.isPublic &&
      snapshot.rolesPermit(organization, external.roles, 'pipelines.invoke', deployment)
    )
  }
  if (key.isPublic) return deployment.spec.trigger.acceptsPublicKeys
  if (isAssociated(consumer, deployment)) return true
  return snapshot.rolesPermit(organization, key.roles, 'pipelines.invoke', deployment)
}

/** Whether an active consumer of the deployment's own environment is associated with its pipeline. */
function isAssociated(consumer: ConsumerRecord | undefined, deployment: DeploymentRecord): boolean {
  return (
    consumer !== undefined &&
    consumer.active &&
    consumer.organization === deployment.organization &&
    consumer.environment === deployment.environment &&
    consumer.pipelines.includes(deployment.pipeline)
  )
}

/**
 * Basic credentials name a consumer: the API key's own where there is one. It must be one that may call the pipeline,
 * unless a secret key opens that by itself: a public key is in everybody's hands, so it opens nothing for a consumer.
 */
function judgeBasic(
  snapshot: Snapshot,
  basic: BasicFact,
  key: KeyView | undefined,
  deployment: DeploymentRecord,
): { reason: DenyReason; consumer: null } | { reason: null; consumer: string } {
  if (basic.kind === 'ambiguous') return { reason: 'credential_ambiguous', consumer: null }
  if (basic.kind !== 'valid') return { reason: 'basic_invalid', consumer: null }
  const consumer = snapshot.consumer(basic.consumer)
  if (consumer === undefined || !consumer.active || consumer.organization !== deployment.organization) {
    return { reason: 'basic_invalid', consumer: null }
  }
  const keyConsumer = key?.consumer ?? null
  if (keyConsumer !== null && keyConsumer !== consumer.id) return { reason: 'basic_invalid', consumer: null }
  const isPermitted =
    key === undefined || key.isPublic
      ? isAssociated(consumer, deployment)
      : consumer.environment === deployment.environment
  if (!isPermitted) return { reason: 'pipeline_not_allowed', consumer: null }
  return { reason: null, consumer: consumer.id }
}

const JWT_REFUSAL: Readonly<Record<Exclude<JwtFact['kind'], 'valid'>, DenyReason>> = {
  missing: 'token_missing',
  ambiguous: 'credential_ambiguous',
  expired: 'token_expired',
  invalid: 'token_invalid',
}

/**
 * Why a JWT does not do, or null. It ends with the consumer or key that it was minted for, and must belong to the one
 * that the request's other credential belongs to.
 */
function judgeJwt(
  snapshot: Snapshot,
  jwt: JwtFact,
  key: KeyView | undefined,
  basicConsumer: string | null,
  deployment: DeploymentRecord,
  nowMs: number,
): DenyReason | null {
  if (jwt.kind !== 'valid') return JWT_REFUSAL[jwt.kind]
  const { mintedFor } = jwt
  if (mintedFor === null) return null
  if (!isMinterLive(snapshot, mintedFor, nowMs)) return 'token_invalid'
  const minter = isKeyId(mintedFor) ? snapshot.keys.find(mintedFor) : undefined
  if (minter !== undefined) {
    if (key !== undefined) return key.id === mintedFor ? null : 'token_wrong_consumer'
    if (basicConsumer !== null) return minter.consumer === basicConsumer ? null : 'token_wrong_consumer'
    if (!isOfEnvironment(minter, deployment)) return 'key_wrong_environment'
    return mayCall(snapshot, minter, holderOf(snapshot, minter), deployment) ? null : 'pipeline_not_allowed'
  }
  // The consumer may be another organization's, for whose key this one has roles.
  const consumer = snapshot.consumer(mintedFor)
  const other = key === undefined ? basicConsumer : (key.consumer ?? key.id)
  if (other !== null) return other === mintedFor ? null : 'token_wrong_consumer'
  return isAssociated(consumer, deployment) ? null : 'pipeline_not_allowed'
}

/** Whether the consumer or key that a JWT was minted for is still there and active: a JWT ends with it. */
export function isMinterLive(snapshot: Snapshot, mintedFor: string, nowMs: number): boolean {
  if (!isKeyId(mintedFor)) return snapshot.consumer(mintedFor)?.active === true
  const minter = snapshot.keys.find(mintedFor)
  return (
    minter !== undefined && stateRefusal(minter, holderOf(snapshot, minter), Infinity, nowMs) === undefined
  )
}
