import { isKeyId, keyRefusal, type KeyId } from '@sallyport/core'
import type { ImportRow } from '../../store/port/keys/imports.ts'
import type { Actor, ActorReaders } from '../access/actor.ts'
import { externalKeyIn, grantsOf, isConsumerActive } from '../access/authenticate.ts'
import { commonAddresses } from '../access/credential-bounds.ts'
import { customRolesAmong, grantsOfKey } from '../access/roles.ts'

/**
 * The creator of an import as it is now, for whom the import goes on after the request: without the secret or the session
 * that started it, which may have been rolled or ended since.
 *
 * @returns undefined if the creator may no longer act in the organization
 */
export async function importActor(
  readers: ActorReaders,
  row: ImportRow,
  nowMs: number,
): Promise<Actor | undefined> {
  return isKeyId(row.createdBy)
    ? await actingKey(readers, row, row.createdBy, nowMs)
    : await actingMember(readers, row)
}

async function actingKey(
  readers: ActorReaders,
  { organization, credentialEndsAtMs }: ImportRow,
  id: KeyId,
  nowMs: number,
): Promise<Actor | undefined> {
  const key = await readers.keys.find(id)
  if (key === undefined) return undefined
  const isOn = key.active && (await isConsumerActive(readers, key))
  const endsAtMs = Math.min(key.expiresAtMs ?? Infinity, credentialEndsAtMs ?? Infinity)
  if (
    keyRefusal(key.deletedAtMs !== null, isOn, key.expiresAtMs ?? Infinity, Infinity, nowMs) !== undefined
  ) {
    return undefined
  }
  const external = await externalKeyIn(readers, key, organization)
  if (external === undefined && key.organization !== organization) return undefined
  const grants = await grantsOf(readers, key, external)
  const { roles } = external ?? key
  return {
    kind: external === undefined ? 'key' : 'external-key',
    id,
    organizations: [organization],
    bounds: {
      expiresAtMs: endsAtMs === Infinity ? null : endsAtMs,
      addressRules: commonAddresses(key.addressRules, external?.addressRules ?? []),
      rateLimits: [...key.rateLimits, ...(external?.rateLimits ?? [])],
    },
    grantsIn: (asked) => (asked === organization ? grants : undefined),
    rolesIn: (asked) => (asked === organization ? roles : []),
  }
}

async function actingMember(
  { members, roles: roleReader }: ActorReaders,
  { organization, createdBy, confirmedAtMs }: ImportRow,
): Promise<Actor | undefined> {
  const member = await members.get(organization, createdBy)
  if (member === undefined) return undefined
  const custom = await customRolesAmong(roleReader, member)
  const grants = grantsOfKey({ roles: member.roles, environment: null }, custom)
  return {
    kind: 'member',
    id: createdBy,
    organizations: [organization],
    confirmedAtMs: confirmedAtMs ?? 0,
    grantsIn: (asked) => (asked === organization ? grants : undefined),
    rolesIn: (asked) => (asked === organization ? member.roles : []),
  }
}
