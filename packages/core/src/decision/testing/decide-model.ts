import type { Ask, Principal } from '../decision.ts'
import type {
  ConsumerRecord,
  DeploymentRecord,
  ExternalKeyRecord,
  KeyRecord,
  RoleRecord,
} from '../../feed/records.ts'
import type { FeedRecord } from '../../snapshot/feed-record.ts'

/*
 * The decision once more, slow and obvious: lists of records, searched from one end to the other. It exists to be
 * compared with `decide` in a property test, so it shares no code with it.
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
  readonly externalKeys: readonly ExternalKeyRecord[]
  readonly roles: readonly RoleRecord[]
}

const denied = (what: string): ModelOutcome => ({ kind: 'deny', what })
const needs = (what: string): ModelOutcome => ({ kind: 'needs', what })

/** @param digest the digest of the token that was shown, as 64 hexadecimal digits */
export function decideModel(
  records: readonly FeedRecord[],
  ask: Ask,
  digest: string | null,
  nowMs: number,
): ModelOutcome {
  const world: World = {
    consumers: records.filter((record) => record.kind === 'consumer'),
    keys: records.filter((record) => record.kind === 'key'),
    externalKeys: records.filter((record) => record.kind === 'external-key'),
    roles: records.filter((record) => record.kind === 'role'),
  }
  if (ask.route.kind === 'not_found') return denied('route_not_found')
  if (ask.route.kind === 'method_not_allowed') return denied('method_not_allowed')
  const here = ask.route.deployment
  const { trigger } = here.spec
  if (ask.preflight && trigger.cors) return { kind: 'preflight' }

  const wants = trigger.authentication
  let key: KeyRecord | null = null
  let sequence: number | null = null
  if (wants.apiKey) {
    const claim = ask.apiKey
    if (claim.kind !== 'token') return denied(`credential_${claim.kind}`)
    const shown = world.keys.find((each) => each.id === claim.parsed.keyId)
    const secret = shown?.secrets.find((each) => each.digest === digest)
    if (!shown || !secret) return denied('credential_invalid')
    const ended = whyEnded(world, shown, nowMs)
    if (ended) return denied(ended)
    if (secret.expiresAtMs !== null && secret.expiresAtMs <= nowMs) return denied('key_outdated')
    const isOurs = shown.organization === here.organization
    if (isOurs && shown.environment !== null && shown.environment !== here.environment) {
      return denied('key_wrong_environment')
    }
    if (shown.addressRules.length > 0) {
      if (ask.addressAllowed === undefined) return needs('address')
      if (!ask.addressAllowed) return denied('address_not_allowed')
    }
    if (!mayInvoke(world, shown, here)) return denied('pipeline_not_allowed')
    key = shown
    sequence = secret.sequence
  }

  let person: string | null = null
  if (wants.basic) {
    const { basic } = ask
    if (!basic) return needs('basic')
    if (basic.kind === 'ambiguous') return denied('credential_ambiguous')
    if (basic.kind !== 'valid') return denied('basic_invalid')
    const consumer = world.consumers.find((each) => each.id === basic.consumer)
    if (!consumer?.active || consumer.organization !== here.organization) return denied('basic_invalid')
    if (key?.consumer && key.consumer !== consumer.id) return denied('basic_invalid')
    if (consumer.environment !== here.environment) return denied('pipeline_not_allowed')
    if (key?.type !== 'secret' && !associated(consumer, here)) return denied('pipeline_not_allowed')
    person = consumer.id
  }

  let minter: KeyRecord | null = null
  let subject: string | null = null
  if (wants.jwt) {
    const { jwt } = ask
    if (!jwt) return needs('jwt')
    if (jwt.kind === 'ambiguous') return denied('credential_ambiguous')
    if (jwt.kind !== 'valid') return denied(`token_${jwt.kind}`)
    const loggedIn = world.keys.find((each) => each.id === jwt.mintedWith) ?? null
    if (jwt.mintedWith && (!loggedIn || whyEnded(world, loggedIn, nowMs))) return denied('token_invalid')
    if (jwt.mintedFor !== null) {
      minter = world.keys.find((each) => each.id === jwt.mintedFor) ?? null
      const consumer = world.consumers.find((each) => each.id === jwt.mintedFor)
      if (minter ? whyEnded(world, minter, nowMs) : !consumer?.active) return denied('token_invalid')
      const matchesKey = key && (key.id === jwt.mintedFor || key.consumer === jwt.mintedFor)
      const matchesPerson = person === (minter ? minter.consumer : jwt.mintedFor)
      if (key ? !matchesKey : person !== null && !matchesPerson) return denied('token_wrong_consumer')
      const permitted = minter ? mayInvoke(world, minter, here) : consumer && associated(consumer, here)
      const strays =
        minter?.organization === here.organization &&
        minter.environment !== null &&
        minter.environment !== here.environment
      if (!key && person === null && strays) return denied('key_wrong_environment')
      if (!key && person === null && !permitted) return denied('pipeline_not_allowed')
      subject = minter ? minter.consumer : jwt.mintedFor
    }
    minter = minter ?? loggedIn
    if (!key && minter && minter.addressRules.length > 0) {
      if (ask.addressAllowed === undefined) return needs('address')
      if (!ask.addressAllowed) return denied('address_not_allowed')
    }
  }

  const holder = key ?? minter
  const principal: Principal = {
    organization: holder ? holder.organization : here.organization,
    consumer: (key ? key.consumer : subject) ?? person,
    keyId: holder ? holder.id : null,
    claims: wants.jwt && ask.jwt?.kind === 'valid' ? ask.jwt.claims : null,
  }
  if (trigger.rateLimits.length + (holder?.rateLimits.length ?? 0) > 0) {
    if (!ask.limit) return needs('limit')
    if (ask.limit.kind === 'exceeded') return denied('rate_limited')
  }
  return { kind: 'allow', principal, sequence }
}

/** Why a key is over, whichever of its secrets was shown. */
function whyEnded(world: World, key: KeyRecord, nowMs: number): string | null {
  if (key.deleted) return 'key_deleted'
  const consumer = world.consumers.find((each) => each.id === key.consumer)
  if (!key.active || (key.consumer !== null && !consumer?.active)) return 'key_inactive'
  return key.expiresAtMs !== null && key.expiresAtMs <= nowMs ? 'key_expired' : null
}

function associated(consumer: ConsumerRecord, here: DeploymentRecord): boolean {
  return (
    consumer.organization === here.organization &&
    consumer.environment === here.environment &&
    consumer.pipelines.some((name) => name === here.pipeline)
  )
}

function mayInvoke(world: World, key: KeyRecord, here: DeploymentRecord): boolean {
  const isOurs = key.organization === here.organization
  if (key.type === 'public') return isOurs && here.spec.trigger.acceptsPublicKeys
  const external = world.externalKeys.find(
    (each) => each.organization === here.organization && each.keyId === key.id && each.active,
  )
  const consumer = world.consumers.find((each) => each.id === key.consumer)
  if (isOurs && consumer?.active && associated(consumer, here)) return true
  const roles = isOurs ? key.roles : (external?.roles ?? [])
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
