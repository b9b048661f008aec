import type { Ask, Decision, Denied, Needed, Principal, RateBudget, SecretUse } from './decision.ts'
import type { DenyReason } from './deny.ts'
import type { DeploymentRecord } from '../feed/records.ts'
import { checkBasic } from './check-basic.ts'
import { checkJwt, loginKeyOf } from './check-jwt.ts'
import { checkKey } from './check-key.ts'
import { isOfEnvironment, mayCall } from './may-call.ts'
import type { RateLimit } from '../pipelines/pipeline-spec.ts'
import type { KeyView } from '../snapshot/key-view.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'

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
    const judged = checkKey(snapshot, ask.apiKey, ask.digest, nowMs)
    if (typeof judged === 'string') return deny(judged, deployment, null)
    key = judged.key
    const { place, consumer } = judged
    secret = { keyId: key.id, sequence: key.secretSequence(place) }
    if (!isOfEnvironment(key, deployment)) return deny('key_wrong_environment', deployment, secret)
    const { addressRules } = key.rules
    const verdict = checkAddress(addressRules, ask, deployment, secret)
    if (verdict !== null) return verdict
    if (!mayCall(snapshot, key, consumer, deployment)) return deny('pipeline_not_allowed', deployment, secret)
  }

  let basicConsumer: string | null = null
  if (authentication.basic) {
    if (ask.basic === undefined) return { kind: 'needs', fact: 'basic', deployment }
    const verdict = checkBasic(snapshot, ask.basic, key, deployment)
    if (verdict.reason !== null) return deny(verdict.reason, deployment, secret)
    basicConsumer = verdict.consumer
  }

  let loginConsumer: string | null = null
  let loginKey: KeyView | undefined
  let claims: Readonly<Record<string, unknown>> | null = null
  if (authentication.jwt) {
    const { jwt } = ask
    if (jwt === undefined) return { kind: 'needs', fact: 'jwt', deployment }
    const reason = checkJwt(snapshot, jwt, key, basicConsumer, deployment, nowMs)
    if (reason !== null) return deny(reason, deployment, secret)
    if (jwt.kind === 'valid') {
      claims = jwt.claims
      const id = loginKeyOf(jwt)
      if (id !== null) loginKey = snapshot.keys.find(id)
      loginConsumer = jwt.mintedFor === id ? (loginKey?.consumer ?? null) : jwt.mintedFor
    }
  }

  // A key's own rules and limits hold for its JWTs too, so that logging in is no way around them.
  if (key === undefined && loginKey !== undefined) {
    const verdict = checkAddress(loginKey.rules.addressRules, ask, deployment, secret)
    if (verdict !== null) return verdict
  }
  // A JWT stands for what logged in: a partner's key keeps its own organization when it comes as one.
  const holder = key ?? loginKey
  const principal: Principal = {
    organization: holder?.organization ?? deployment.organization,
    consumer: (key === undefined ? loginConsumer : key.consumer) ?? basicConsumer,
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

/** What a key's address rules say to a request: null where it may go on. */
function checkAddress(
  rules: readonly string[],
  ask: Ask,
  deployment: DeploymentRecord,
  secret: SecretUse | null,
): Denied | Needed | null {
  if (rules.length === 0) return null
  if (ask.addressAllowed === undefined) return { kind: 'needs', fact: 'address', rules }
  return ask.addressAllowed ? null : deny('address_not_allowed', deployment, secret)
}
