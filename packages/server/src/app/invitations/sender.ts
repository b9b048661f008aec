import { isKeyId, keyRefusal, lackingGrants, type Grant } from '@sallyport/core'
import type { InvitationRow } from '../../store/port/people/invitations.ts'
import type { Reader } from '../../store/port/store.ts'
import type { OperationContext } from '../access/context.ts'
import { customRolesAmong, grantsOfKey } from '../access/roles.ts'

type SenderReaders = Pick<Reader, 'keys' | 'externalKeys' | 'members' | 'roles'>

/**
 * Whether whoever sent an invitation may still give its roles, and all of these exist. An invitation gives nothing on
 * behalf of somebody who has left, or has less by now.
 */
export async function isBackedBySender(
  context: Pick<OperationContext, 'nowMs'>,
  readers: SenderReaders,
  { organization, roles, createdBy }: InvitationRow,
): Promise<boolean> {
  const held = await grantsOfSender(context, readers, organization, createdBy)
  if (held === undefined) return false
  const custom = await customRolesAmong(readers.roles, { organization, roles })
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

/** What the sender has in the organization now; undefined for one that no longer works there. */
async function senderOf(
  { nowMs }: Pick<OperationContext, 'nowMs'>,
  { keys, externalKeys, members }: SenderReaders,
  organization: string,
  id: string,
): Promise<Sender | undefined> {
  if (!isKeyId(id)) {
    const member = await members.get(organization, id)
    return member && { roles: member.roles, environment: null }
  }
  const key = await keys.find(id)
  if (key === undefined) return undefined
  const refusal = keyRefusal(
    key.deletedAtMs !== null,
    key.active,
    key.expiresAtMs ?? Infinity,
    Infinity,
    nowMs(),
  )
  if (refusal !== undefined) return undefined
  if (key.organization === organization) return key
  const external = await externalKeys.find(organization, id)
  return external?.active === true && external.allowed
    ? { roles: external.roles, environment: null }
    : undefined
}
