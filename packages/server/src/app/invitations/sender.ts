import { isRole, lackingGrants } from '@sallyport/core'
import type { InvitationRow } from '../../store/port/people/invitations.ts'
import type { OperationContext } from '../access/context.ts'
import { lastingGrants, type HolderReaders } from '../access/lasting-grants.ts'
import { customRolesAmong, grantsOfKey } from '../access/roles.ts'

/**
 * Whether the roles of an invitation still exist, and its sender may still give them. An invitation gives nothing on behalf
 * of a sender who has left, or has less by now.
 */
export async function isBackedBySender(
  context: Pick<OperationContext, 'nowMs'>,
  readers: HolderReaders,
  { organization, roles, createdBy }: InvitationRow,
): Promise<boolean> {
  const held = await lastingGrants(context, readers, organization, createdBy)
  if (held === undefined) return false
  const custom = await customRolesAmong(readers.roles, { organization, roles })
  if (!roles.every((role) => isRole(role, custom))) return false
  return lackingGrants(held, grantsOfKey({ roles, environment: null }, custom)).length === 0
}
