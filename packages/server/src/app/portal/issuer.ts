import { isKeyId, keyEndsAtMs, keyRefusal, type Grant, type RateLimit } from '@sallyport/core'
import type { PortalSessionRow } from '../../store/port/portal/portal-sessions.ts'
import type { ActorReaders } from '../access/actor.ts'
import { externalKeyIn, grantsOf, isConsumerActive } from '../access/authenticate.ts'
import { commonAddresses, NO_BOUNDS, type CredentialBounds } from '../access/credential-bounds.ts'
import { customRolesAmong, grantsOfKey } from '../access/roles.ts'

/** A key that issued a portal session, with the limits under which its requests count. */
export interface IssuingKey {
  readonly id: string
  readonly consumer: string | null
  readonly ownRateLimits: readonly RateLimit[]
  readonly external: { readonly organization: string; readonly rateLimits: readonly RateLimit[] } | null
}

/** The issuer of a portal session, as it is now. */
export interface Issuer {
  /** In the organization of the portal session. */
  readonly grants: readonly Grant[]
  readonly bounds: CredentialBounds
  /** Null for a person. */
  readonly key: IssuingKey | null
}

/**
 * Reads what the issuer of a portal session may do in its organization now.
 *
 * @returns undefined for a key that no longer works there, and for a person who is no longer a member
 */
export async function issuerNow(
  readers: ActorReaders,
  session: Pick<PortalSessionRow, 'organization' | 'createdBy' | 'issuerEndsAtMs'>,
  nowMs: number,
): Promise<Issuer | undefined> {
  const { organization, createdBy: id } = session
  if (isKeyId(id)) return await issuingKey(readers, session, id, nowMs)
  const member = await readers.members.get(organization, id)
  if (member === undefined) return undefined
  const custom = await customRolesAmong(readers.roles, member)
  const grants = grantsOfKey({ roles: member.roles, environment: null }, custom)
  return { grants, bounds: NO_BOUNDS, key: null }
}

async function issuingKey(
  readers: ActorReaders,
  { organization, issuerEndsAtMs }: Pick<PortalSessionRow, 'organization' | 'issuerEndsAtMs'>,
  id: Parameters<ActorReaders['keys']['find']>[0],
  nowMs: number,
): Promise<Issuer | undefined> {
  const key = await readers.keys.find(id)
  if (key === undefined) return undefined
  const isActive = key.active && (await isConsumerActive(readers, key))
  const refusal = keyRefusal(
    key.deletedAtMs !== null,
    isActive,
    keyEndsAtMs(key),
    // The secret that it used to issue the session may be rolled since.
    Infinity,
    nowMs,
  )
  if (refusal !== undefined) return undefined
  const external = await externalKeyIn(readers, key, organization)
  if (external === undefined && key.organization !== organization) return undefined
  const endsAtMs = Math.min(key.expiresAtMs ?? Infinity, issuerEndsAtMs ?? Infinity)
  return {
    grants: await grantsOf(readers, key, external),
    bounds: {
      // An old secret in its grace period gives nothing that outlasts the grace, not through a session either.
      expiresAtMs: endsAtMs === Infinity ? null : endsAtMs,
      addressRules: commonAddresses(key.addressRules, external?.addressRules ?? []),
      rateLimits: [...key.rateLimits, ...(external?.rateLimits ?? [])],
    },
    key: { id: key.id, consumer: key.consumer, ownRateLimits: key.rateLimits, external: external ?? null },
  }
}
