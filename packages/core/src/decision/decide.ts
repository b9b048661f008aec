import type { ConsumerRecord, DeploymentRecord } from '../feed/records.ts'
import type { EntryRules } from '../pipelines/entry-rules.ts'
import type { Authentication, RateLimit } from '../pipelines/pipeline-spec.ts'
import type { KeyView } from '../snapshot/key-view.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { checkBasic } from './check-basic.ts'
import { checkJwt, jwtEndsAtMs, loginKeyOf } from './check-jwt.ts'
import { checkKey } from './check-key.ts'
import type {
  Ask,
  Decision,
  Denied,
  Needed,
  Principal,
  RateBudget,
  SecretUse,
  ValidBasic,
  ValidJwt,
} from './decision.ts'
import type { DenyReason } from './deny.ts'
import { externalKeyOf, keyMayCall, keyWorksInEnvironment } from './pipeline-access.ts'
import { planLimitsOf } from './plan-limits.ts'

/**
 * Decides whether a request is allowed. The checks run in a fixed order, and the first one that fails gives the reason.
 * The gateway, `/authz` and `/v1/…/verify` all call this function, so they always agree.
 *
 * @param nowMs milliseconds since 1970, by the gateway's clock
 * @returns the decision, or the fact that is still missing from `ask`; add it and call again
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

  if (trigger.addressRules !== undefined || trigger.maintenance !== undefined) {
    const refusal = checkEntry(trigger, ask, deployment)
    if (refusal !== null) return refusal
  }

  const { authentication } = trigger
  let key: KeyView | undefined
  let keyConsumer: ConsumerRecord | undefined
  let secret: SecretUse | null = null
  let keyConsumerId: string | null = null
  let consumerId: string | null = null
  let endsAtMs = Infinity
  if (authentication.apiKey || (authentication.apiKeyOptional === true && ask.apiKey.kind !== 'missing')) {
    const checked = checkKey(snapshot, ask.apiKey, ask.digest, nowMs, ask.foreignKeyId)
    if (typeof checked === 'string') return deny(sentKeyRefusal(checked, authentication), deployment, null)
    key = checked.key
    const { secretIndex, consumer, refusal } = checked
    keyConsumer = consumer
    secret = {
      keyId: key.id,
      sequence: key.secretSequence(secretIndex),
      isExternal: key.organization !== deployment.organization,
      isRolling: key.isRolling(nowMs),
    }
    // Read once: the key makes the text anew each time.
    keyConsumerId = consumer?.id ?? key.consumer
    // Another organization must not learn the consumers of the key's owner.
    consumerId = secret.isExternal ? null : keyConsumerId
    if (refusal !== undefined) return deny(refusal, deployment, secret, consumerId)
    endsAtMs = Math.min(key.endsAtMs, key.secretEndsAtMs(secretIndex))
    if (!keyWorksInEnvironment(key, deployment)) {
      return deny('key_wrong_environment', deployment, secret, consumerId)
    }
    const addressRefusal = checkAddress(snapshot, key, ask, deployment, secret)
    if (addressRefusal !== null) return addressRefusal
    if (!keyMayCall(snapshot, key, consumer, deployment)) {
      return deny('pipeline_not_allowed', deployment, secret, consumerId)
    }
  }

  let basicConsumer: string | null = null
  let basic: ValidBasic | null = null
  if (authentication.basic) {
    if (ask.basic === undefined) return { kind: 'needs', fact: 'basic', deployment }
    const { reason, consumer } = checkBasic(snapshot, ask.basic, key, deployment)
    if (reason !== null) return deny(reason, deployment, secret, consumerId)
    basicConsumer = consumer
    consumerId ??= consumer
    if (ask.basic.kind === 'valid') basic = ask.basic
  }

  let loginConsumer: string | null = null
  let loginKey: KeyView | undefined
  let jwt: ValidJwt | null = null
  if (authentication.jwt) {
    if (ask.jwt === undefined) return { kind: 'needs', fact: 'jwt', deployment }
    const reason = checkJwt(snapshot, ask.jwt, key, basicConsumer, deployment, nowMs)
    if (reason !== null) return deny(reason, deployment, secret, consumerId)
    if (ask.jwt.kind === 'valid') {
      jwt = ask.jwt
      const id = loginKeyOf(jwt)
      if (id !== null) loginKey = snapshot.keys.find(id)
      if (loginKey !== undefined) secret ??= loginSecretOf(loginKey, jwt, deployment, nowMs)
      loginConsumer = jwt.mintedFor === id ? (loginKey?.consumer ?? null) : jwt.mintedFor
      endsAtMs = Math.min(endsAtMs, jwtEndsAtMs(snapshot, jwt, deployment))
    }
  }

  // The rules and limits of a key also apply to its JWTs, so a login cannot bypass them.
  if (key === undefined && loginKey !== undefined) {
    const refusal = checkAddress(snapshot, loginKey, ask, deployment, secret)
    if (refusal !== null) return refusal
  }
  // A JWT represents the key that logged in, so a partner's JWT has the partner's organization.
  const principalKey = key ?? loginKey
  const principal: Principal = {
    organization: principalKey?.organization ?? deployment.organization,
    consumer: (key === undefined ? loginConsumer : keyConsumerId) ?? basicConsumer,
    keyId: principalKey?.id ?? null,
    claims: jwt?.claims ?? null,
  }
  const keyLimits = principalKey?.rules.rateLimits ?? NO_LIMITS
  const externalKeyLimits =
    principalKey === undefined
      ? NO_LIMITS
      : (externalKeyOf(snapshot, principalKey, deployment)?.rateLimits ?? NO_LIMITS)
  const planLimits = planLimitsOf(snapshot, principal, deployment, keyConsumer)
  if (
    trigger.rateLimits.length > 0 ||
    keyLimits.length > 0 ||
    externalKeyLimits.length > 0 ||
    planLimits.length > 0
  ) {
    if (ask.limit === undefined) {
      return { kind: 'needs', fact: 'limit', deployment, keyLimits, externalKeyLimits, planLimits, principal }
    }
    if (ask.limit.kind === 'exceeded') {
      const { retryAfterMs, budgets = NO_BUDGETS } = ask.limit
      const consumer = principal.organization === deployment.organization ? principal.consumer : null
      return { ...deny('rate_limited', deployment, secret, consumer), retryAfterMs, budgets }
    }
  }
  const budgets = ask.limit?.budgets ?? NO_BUDGETS
  return { kind: 'allow', deployment, principal, keyConsumer, secret, budgets, basic, jwt, endsAtMs }
}

const NO_LIMITS: readonly RateLimit[] = []
const NO_RULES: readonly string[] = []
const NONE_ALLOWED: readonly string[] = []
const NO_BUDGETS: readonly RateBudget[] = []

function deny(
  reason: DenyReason,
  deployment: DeploymentRecord | null,
  secret: SecretUse | null,
  consumer: string | null = null,
): Denied {
  return {
    kind: 'deny',
    reason,
    deployment,
    consumer,
    allowed: NONE_ALLOWED,
    retryAfterMs: 0,
    secret,
    budgets: NO_BUDGETS,
  }
}

/** Where a key is optional, a text in place of one is refused: its sender would else be taken for an anonymous caller. */
function sentKeyRefusal(reason: DenyReason, { apiKey }: Authentication): DenyReason {
  return apiKey || reason !== 'credential_missing' ? reason : 'credential_invalid'
}

/** Applies what a trigger checks before any credential: null when the request can continue. */
function checkEntry(
  { addressRules = NO_RULES, maintenance }: EntryRules,
  { entry }: Ask,
  deployment: DeploymentRecord,
): Denied | Needed | null {
  const isFactNeeded = addressRules.length > 0 || (maintenance?.exceptAddresses ?? NO_RULES).length > 0
  if (isFactNeeded && entry === undefined) return { kind: 'needs', fact: 'entry', deployment }
  if (addressRules.length > 0 && entry?.isAdmitted !== true) {
    return deny('caller_address_not_allowed', deployment, null)
  }
  if (maintenance === undefined || entry?.isExempt === true) return null
  return { ...deny('maintenance', deployment, null), retryAfterMs: maintenance.retryAfterSeconds * 1000 }
}

/** The secret that a JWT was obtained with; null if the JWT does not name it. */
function loginSecretOf(
  key: KeyView,
  { secretSequence = null }: ValidJwt,
  deployment: DeploymentRecord,
  nowMs: number,
): SecretUse | null {
  if (secretSequence === null) return null
  const isExternal = key.organization !== deployment.organization
  return { keyId: key.id, sequence: secretSequence, isExternal, isRolling: key.isRolling(nowMs) }
}

/** Applies the address rules of a key and of what it is here: null when the request can continue. */
function checkAddress(
  snapshot: Snapshot,
  key: KeyView,
  ask: Ask,
  deployment: DeploymentRecord,
  secret: SecretUse | null,
): Denied | Needed | null {
  const rules = key.rules.addressRules
  const externalKeyRules = externalKeyOf(snapshot, key, deployment)?.addressRules ?? NO_RULES
  if (rules.length === 0 && externalKeyRules.length === 0) return null
  if (ask.addressAllowed === undefined) return { kind: 'needs', fact: 'address', rules, externalKeyRules }
  return ask.addressAllowed
    ? null
    : deny('address_not_allowed', deployment, secret, consumerIn(key, deployment))
}

/** The consumer of a key where the pipeline is: another organization must not learn the consumers of the key's owner. */
function consumerIn({ organization, consumer }: KeyView, deployment: DeploymentRecord): string | null {
  return organization === deployment.organization ? consumer : null
}
