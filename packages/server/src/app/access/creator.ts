import { isKeyId, keyEndsAtMs, keyRefusal, type Grant, type RateLimit } from '@sallyport/core'
import type { ActorReaders } from './actor.ts'
import { externalKeyIn, grantsOf, isConsumerActive } from './authenticate.ts'
import { commonAddresses, NO_BOUNDS, type CredentialBounds } from './credential-bounds.ts'
import { customRolesAmong, grantsOfKey } from './roles.ts'

/** A key that created something, with the limits under which requests count in its name. */
export interface CreatingKey {
  readonly id: string
  readonly consumer: string | null
  readonly ownRateLimits: readonly RateLimit[]
  readonly external: { readonly organization: string; readonly rateLimits: readonly RateLimit[] } | null
}

/** The key or person that created something which goes on after the request, such as a portal session, as it is now. */
export interface Creator {
  /** In the organization of what it created. */
  readonly grants: readonly Grant[]
  readonly bounds: CredentialBounds
  /** Null for a person. */
  readonly key: CreatingKey | null
  readonly roles: readonly string[]
}

/** What is known of a creator since the request. */
interface Created {
  readonly organization: string
  /** The id of a key or a person. */
  readonly createdBy: string
  /** When the credential ends that was used, in ms since 1970; null for never. It may be that of an old secret. */
  readonly credentialEndsAtMs: number | null
}

/**
 * Reads what a creator may do now. It acts without the secret or the session of its request, which may have been rolled or
 * ended since.
 *
 * @returns undefined for a key that no longer works there, and for a person who is no longer a member
 */
export async function creatorNow(
  readers: ActorReaders,
  created: Created,
  nowMs: number,
): Promise<Creator | undefined> {
  const { organization, createdBy: id } = created
  if (isKeyId(id)) return await creatingKey(readers, created, id, nowMs)
  const member = await readers.members.get(organization, id)
  if (member === undefined) return undefined
  const custom = await customRolesAmong(readers.roles, member)
  const grants = grantsOfKey({ roles: member.roles, environment: null }, custom)
  return { grants, bounds: NO_BOUNDS, key: null, roles: member.roles }
}

async function creatingKey(
  readers: ActorReaders,
  { organization, credentialEndsAtMs }: Created,
  id: Parameters<ActorReaders['keys']['find']>[0],
  nowMs: number,
): Promise<Creator | undefined> {
  const key = await readers.keys.find(id)
  if (key === undefined) return undefined
  const isActive = key.active && (await isConsumerActive(readers, key))
  const refusal = keyRefusal(
    key.deletedAtMs !== null,
    isActive,
    keyEndsAtMs(key),
    // The secret of the request may have been rolled since.
    Infinity,
    nowMs,
  )
  if (refusal !== undefined) return undefined
  const external = await externalKeyIn(readers, key, organization)
  if (external === undefined && key.organization !== organization) return undefined
  const endsAtMs = Math.min(key.expiresAtMs ?? Infinity, credentialEndsAtMs ?? Infinity)
  return {
    grants: await grantsOf(readers, key, external),
    bounds: {
      // An old secret in its grace period gives nothing that outlasts the grace, not through what it created either.
      expiresAtMs: endsAtMs === Infinity ? null : endsAtMs,
      addressRules: commonAddresses(key.addressRules, external?.addressRules ?? []),
      rateLimits: [...key.rateLimits, ...(external?.rateLimits ?? [])],
    },
    key: { id: key.id, consumer: key.consumer, ownRateLimits: key.rateLimits, external: external ?? null },
    roles: (external ?? key).roles,
  }
}
