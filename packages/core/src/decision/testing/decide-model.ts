import type { Ask, Principal, ValidJwt } from '../decision.ts'
import type {
  BasicCredentialRecord,
  ConsumerRecord,
  DeploymentRecord,
  ExternalKeyRecord,
  IssuerRecord,
  KeyAgeRecord,
  KeyRecord,
  PlanRecord,
  RoleRecord,
  SecretRecord,
  SigningKeyRecord,
} from '../../feed/records.ts'
import type { FeedRecord } from '../../snapshot/feed-record.ts'

/*
 * A second implementation of `decide`, slow and simple: it searches lists of records. The property test compares both,
 * so they share no code.
 */

export interface ModelOutcome {
  readonly kind: 'allow' | 'preflight' | 'deny' | 'needs'
  /** The reason of a denial, or the fact that is needed. */
  readonly what?: string
  readonly principal?: Principal
  readonly sequence?: number | null
}

interface World {
  readonly consumers: readonly ConsumerRecord[]
  readonly keys: readonly KeyRecord[]
  readonly ages: readonly KeyAgeRecord[]
  readonly externalKeys: readonly ExternalKeyRecord[]
  readonly roles: readonly RoleRecord[]
  readonly credentials: readonly BasicCredentialRecord[]
  readonly signingKeys: readonly SigningKeyRecord[]
  readonly issuers: readonly IssuerRecord[]
  readonly plans: readonly PlanRecord[]
}

const denied = (what: string): ModelOutcome => ({ kind: 'deny', what })
const needs = (what: string): ModelOutcome => ({ kind: 'needs', what })

/**
 * @param digest SHA-256 of the caller's token, as 64 hexadecimal digits
 * @param nowMs milliseconds since 1970
 */
export function decideModel(
  records: readonly FeedRecord[],
  ask: Ask,
  digest: string | null,
  nowMs: number,
): ModelOutcome {
  const world: World = {
    consumers: records.filter((record) => record.kind === 'consumer'),
    keys: records.filter((record) => record.kind === 'key'),
    ages: records.filter((record) => record.kind === 'key-age'),
    externalKeys: records.filter((record) => record.kind === 'external-key'),
    plans: records.filter((record) => record.kind === 'plan'),
    roles: records.filter((record) => record.kind === 'role'),
    credentials: records.filter((record) => record.kind === 'basic-credential'),
    signingKeys: records.filter((record) => record.kind === 'signing-key'),
    issuers: records.filter((record) => record.kind === 'issuer'),
  }
  if (ask.route.kind === 'not_found') return denied('route_not_found')
  if (ask.route.kind === 'method_not_allowed') return denied('method_not_allowed')
  const here = ask.route.deployment
  const { trigger } = here.spec
  if (ask.preflight && trigger.cors) return { kind: 'preflight' }

  const admits = trigger.addressRules ?? []
  const exempts = trigger.maintenance?.exceptAddresses ?? []
  if ((admits.length > 0 || exempts.length > 0) && !ask.entry) return needs('entry')
  if (admits.length > 0 && !ask.entry?.isAdmitted) return denied('caller_address_not_allowed')
  if (trigger.maintenance && !ask.entry?.isExempt) return denied('maintenance')

  const wants = trigger.authentication
  let key: KeyRecord | null = null
  let sequence: number | null = null
  const claim = ask.apiKey
  if (wants.apiKey || (wants.apiKeyOptional && claim.kind !== 'missing')) {
    if (claim.kind !== 'token') return denied(`credential_${claim.kind}`)
    const shown = world.keys.find((each) => each.id === claim.parsed.keyId)
    const secret = shown?.secrets.find((each) => each.digest === digest)
    if (!shown || !secret) return denied('credential_invalid')
    const ended = whyEnded(world, shown, nowMs)
    if (ended) return denied(ended)
    if (endOf(world, shown, secret) <= nowMs) return denied('key_outdated')
    const isOurs = shown.organization === here.organization
    if (isOurs && shown.environment !== null && shown.environment !== here.environment) {
      return denied('key_wrong_environment')
    }
    if (hasAddressRules(world, shown, here)) {
      if (ask.addressAllowed === undefined) return needs('address')
      if (!ask.addressAllowed) return denied('address_not_allowed')
    }
    if (!mayInvoke(world, shown, here)) return denied('pipeline_not_allowed')
    key = shown
    sequence = secret.sequence
  }

  let basicConsumer: string | null = null
  if (wants.basic) {
    const { basic } = ask
    if (!basic) return needs('basic')
    if (basic.kind === 'ambiguous') return denied('credential_ambiguous')
    if (basic.kind !== 'valid') return denied('basic_invalid')
    const matched = world.credentials.find((each) => each.id === basic.credential)
    if (basic.credential && matched?.consumer !== basic.consumer) return denied('basic_invalid')
    const consumer = world.consumers.find((each) => each.id === basic.consumer)
    if (!consumer?.active || consumer.organization !== here.organization) return denied('basic_invalid')
    if (key?.consumer && key.consumer !== consumer.id) return denied('basic_invalid')
    if (consumer.environment !== here.environment) return denied('pipeline_not_allowed')
    if (key?.type !== 'secret' && !isAssociated(consumer, here)) return denied('pipeline_not_allowed')
    basicConsumer = consumer.id
  }

  let ownerKey: KeyRecord | null = null
  let subject: string | null = null
  if (wants.jwt) {
    const { jwt } = ask
    if (!jwt) return needs('jwt')
    if (jwt.kind === 'ambiguous') return denied('credential_ambiguous')
    if (jwt.kind !== 'valid') return denied(`token_${jwt.kind}`)
    if (jwt.expiresAtMs !== undefined && jwt.expiresAtMs <= nowMs) return denied('token_expired')
    if (!isVerifierPresent(world, jwt, here, nowMs)) return denied('token_invalid')
    const loggedIn = world.keys.find((each) => each.id === jwt.mintedWith) ?? null
    if (jwt.mintedWith && (!loggedIn || whyEnded(world, loggedIn, nowMs))) return denied('token_invalid')
    const named = world.keys.find((each) => each.id === jwt.mintedFor) ?? loggedIn
    if (named && isSecretEnded(world, named, jwt, nowMs)) return denied('token_invalid')
    const password = world.credentials.find((each) => each.id === jwt.basicCredential)
    const holder = world.consumers.find((each) => each.id === password?.consumer)
    if (jwt.basicCredential && !holder?.active) return denied('token_invalid')
    if (jwt.mintedFor !== null) {
      ownerKey = world.keys.find((each) => each.id === jwt.mintedFor) ?? null
      const consumer = world.consumers.find((each) => each.id === jwt.mintedFor)
      if (ownerKey ? whyEnded(world, ownerKey, nowMs) : !consumer?.active) return denied('token_invalid')
      const matchesKey = key && (key.id === jwt.mintedFor || key.consumer === jwt.mintedFor)
      const matchesBasic = basicConsumer === (ownerKey ? ownerKey.consumer : jwt.mintedFor)
      if (key ? !matchesKey : basicConsumer !== null && !matchesBasic) return denied('token_wrong_consumer')
      const permitted = ownerKey ? mayInvoke(world, ownerKey, here) : consumer && isAssociated(consumer, here)
      const isOfOtherEnvironment =
        ownerKey?.organization === here.organization &&
        ownerKey.environment !== null &&
        ownerKey.environment !== here.environment
      if (!key && basicConsumer === null && isOfOtherEnvironment) return denied('key_wrong_environment')
      if (!key && basicConsumer === null && !permitted) return denied('pipeline_not_allowed')
      subject = ownerKey ? ownerKey.consumer : jwt.mintedFor
    }
    ownerKey = ownerKey ?? loggedIn
    if (!key && ownerKey && hasAddressRules(world, ownerKey, here)) {
      if (ask.addressAllowed === undefined) return needs('address')
      if (!ask.addressAllowed) return denied('address_not_allowed')
    }
  }

  const principalKey = key ?? ownerKey
  const principal: Principal = {
    organization: principalKey ? principalKey.organization : here.organization,
    consumer: (key ? key.consumer : subject) ?? basicConsumer,
    keyId: principalKey ? principalKey.id : null,
    claims: wants.jwt && ask.jwt?.kind === 'valid' ? ask.jwt.claims : null,
  }
  const partner = principalKey ? partnerOf(world, principalKey, here) : undefined
  const consumerHere =
    principal.organization === here.organization
      ? world.consumers.find((each) => each.id === principal.consumer)
      : undefined
  const plan = world.plans.find(
    (each) =>
      each.organization === here.organization &&
      each.environment === here.environment &&
      each.id === consumerHere?.plan,
  )
  const limits = [
    trigger.rateLimits,
    principalKey?.rateLimits ?? [],
    partner?.rateLimits ?? [],
    plan?.rateLimits ?? [],
  ]
  if (limits.flat().length > 0) {
    if (!ask.limit) return needs('limit')
    if (ask.limit.kind === 'exceeded') return denied('rate_limited')
  }
  // A JWT is a use of the secret that it was got with.
  if (sequence === null && ownerKey && ask.jwt?.kind === 'valid') sequence = ask.jwt.secretSequence ?? null
  return { kind: 'allow', principal, sequence }
}

function isVerifierPresent(world: World, jwt: ValidJwt, here: DeploymentRecord, nowMs: number): boolean {
  const { verifiedBy } = jwt
  if (verifiedBy === undefined) return true
  const all = verifiedBy.kind === 'issuer' ? world.issuers : world.signingKeys
  return all.some((each) => {
    const isHere = each.organization === here.organization && each.environment === here.environment
    if (!isHere || each.id !== verifiedBy.id) return false
    if (each.kind === 'issuer') return verifiedBy.kind === 'issuer' && each.issuer === verifiedBy.issuer
    return each.verifiesUntilMs === null || nowMs < each.verifiesUntilMs
  })
}

/** Whether the secret ended that a JWT was obtained with. A JWT that names none may come from any that was in use. */
function isSecretEnded(world: World, key: KeyRecord, jwt: ValidJwt, nowMs: number): boolean {
  const isOver = (each: SecretRecord): boolean => endOf(world, key, each) <= nowMs
  if (jwt.secretSequence) {
    const named = key.secrets.find((each) => each.sequence === jwt.secretSequence)
    return named === undefined || isOver(named)
  }
  const inUseFromMs = (jwt.issuedAtMs ?? 0) - 600_000
  return key.secrets.some((each) => isOver(each) && endOf(world, key, each) > inUseFromMs)
}

/** Why a key is not active, whichever of its secrets the caller sent. */
function whyEnded(world: World, key: KeyRecord, nowMs: number): string | null {
  if (key.deleted) return 'key_deleted'
  const consumer = world.consumers.find((each) => each.id === key.consumer)
  if (!key.active || (key.consumer !== null && !consumer?.active)) return 'key_inactive'
  const unended = key.secrets.filter((each) => each.expiresAtMs === null)
  const current = unended.at(-1) ?? key.secrets.at(-1)
  const isTooOld = current !== undefined && ageEndOf(world, key, current) <= nowMs
  return isTooOld || (key.expiresAtMs !== null && key.expiresAtMs <= nowMs) ? 'key_expired' : null
}

/** When the policy about age ends a secret: a day has 86,400,000 ms, and the secret's second counts from its start. */
function ageEndOf(world: World, key: KeyRecord, { createdAtMs = key.createdAtMs }: SecretRecord): number {
  const policy = world.ages.find(
    (each) => each.organization === key.organization && each.environment === key.environment,
  )
  if (!policy || policy.maxLifetimeDays === null) return Infinity
  return createdAtMs - (createdAtMs % 1000) + policy.maxLifetimeDays * 86_400_000
}

function endOf(world: World, key: KeyRecord, secret: SecretRecord): number {
  return Math.min(secret.expiresAtMs ?? Infinity, ageEndOf(world, key, secret))
}

function isAssociated(consumer: ConsumerRecord, here: DeploymentRecord): boolean {
  return (
    consumer.organization === here.organization &&
    consumer.environment === here.environment &&
    (consumer.pipelines.some((name) => name === here.pipeline) ||
      (consumer.projects ?? []).some((name) => name === here.project))
  )
}

/** What the key of another organization is here. */
function partnerOf(world: World, key: KeyRecord, here: DeploymentRecord): ExternalKeyRecord | undefined {
  if (key.organization === here.organization) return undefined
  return world.externalKeys.find((each) => each.organization === here.organization && each.keyId === key.id)
}

function hasAddressRules(world: World, key: KeyRecord, here: DeploymentRecord): boolean {
  return key.addressRules.length > 0 || (partnerOf(world, key, here)?.addressRules ?? []).length > 0
}

function mayInvoke(world: World, key: KeyRecord, here: DeploymentRecord): boolean {
  const isOurs = key.organization === here.organization
  if (key.type === 'public') return isOurs && here.spec.trigger.acceptsPublicKeys
  const external = partnerOf(world, key, here)
  const consumer = world.consumers.find((each) => each.id === key.consumer)
  if (isOurs && consumer?.active && isAssociated(consumer, here)) return true
  const roles = isOurs ? key.roles : external?.active ? external.roles : []
  return roles.some((name) => roleInvokes(world, name, here))
}

function roleInvokes(world: World, name: string, here: DeploymentRecord): boolean {
  if (['owner', 'admin', 'developer', 'invoker'].includes(name)) return true
  if (['key-manager', 'policy-manager', 'auditor'].includes(name)) return false
  const role = world.roles.find((each) => each.organization === here.organization && each.name === name)
  return (role?.grants ?? []).some(
    (grant) =>
      grant.permission === 'pipelines.invoke' &&
      [here.environment, undefined].includes(grant.environment) &&
      [here.project, undefined].includes(grant.project) &&
      [here.pipeline, undefined].includes(grant.pipeline),
  )
}
