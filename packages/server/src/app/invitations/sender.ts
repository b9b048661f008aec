import { isKeyId, isRole, keyRefusal, lackingGrants, type Grant } from '@sallyport/core'
import type { KeyRow } from '../../store/port/keys.ts'
import type { InvitationRow } from '../../store/port/people/invitations.ts'
import type { Reader } from '../../store/port/store.ts'
import type { OperationContext } from '../access/context.ts'
import { customRolesAmong, grantsOfKey } from '../access/roles.ts'

export type SenderReaders = Pick<Reader, 'keys' | 'consumers' | 'externalKeys' | 'members' | 'roles'>

/**
 * Whether the roles of an invitation still exist, and its sender may still give them. An invitation gives nothing on behalf
 * of a sender who has left, or has less by now.
 */
export async function isBackedBySender(
  context: Pick<OperationContext, 'nowMs'>,
  readers: SenderReaders,
  { organization, roles, createdBy }: InvitationRow,
): Promise<boolean> {
  const held = await grantsOfSender(context, readers, organization, createdBy)
  if (held === undefined) return false
  const custom = await customRolesAmong(readers.roles, { organization, roles })
  if (!roles.every((role) => isRole(role, custom))) return false
  return lackingGrants(held, grantsOfKey({ roles, environment: null }, custom)).length === 0
}

/**
 * What a person or a key may do in an organization now.
 *
 * @param id of the person or key
 * @returns undefined for one that does not belong to the organization, or no longer works there
 */
export async function grantsOfSender(
  context: Pick<OperationContext, 'nowMs'>,
  readers: SenderReaders,
  organization: string,
  id: string,
): Promise<readonly Grant[] | undefined> {
  const sender = await senderOf(context, readers, organization, id)
  return sender && grantsOfKey(sender, await customRolesAmong(readers.roles, { organization, ...sender }))
}

interface Sender {
  readonly roles: readonly string[]
  readonly environment: string | null
}

/**
 * What the sender has in the organization now; undefined for one that no longer works there, or that works only for some
 * time, from some addresses or so often: what it gives has no such bounds.
 */
async function senderOf(
  { nowMs }: Pick<OperationContext, 'nowMs'>,
  { keys, consumers, externalKeys, members }: SenderReaders,
  organization: string,
  id: string,
): Promise<Sender | undefined> {
  if (!isKeyId(id)) {
    const member = await members.get(organization, id)
    return member && { roles: member.roles, environment: null }
  }
  const key = await keys.find(id)
  if (key === undefined) return undefined
  const consumer = key.consumer === null ? undefined : await consumers.get(key.organization, key.consumer)
  const isActive = key.active && (key.consumer === null || consumer?.active === true)
  const isDeleted = key.deletedAtMs !== null
  const refusal = keyRefusal(isDeleted, isActive, key.expiresAtMs ?? Infinity, Infinity, nowMs())
  if (refusal !== undefined || key.expiresAtMs !== null || isBounded(key)) return undefined
  if (key.organization === organization) return key
  const external = await externalKeys.find(organization, id)
  if (external?.active !== true || !external.allowed || isBounded(external)) return undefined
  return { roles: external.roles, environment: null }
}

function isBounded({ addressRules, rateLimits }: Pick<KeyRow, 'addressRules' | 'rateLimits'>): boolean {
  return addressRules.length > 0 || rateLimits.length > 0
}
