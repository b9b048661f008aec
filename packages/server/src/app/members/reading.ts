import type { NamedMemberRow } from '../../store/port/people/members.ts'
import type { Page, PageRequest } from '../../store/port/pages/paging.ts'
import type { OperationContext } from '../access/context.ts'
import { requirePermission } from '../access/permission-checks.ts'
import { permittedMember } from './permitted-member.ts'

export interface GetMemberInput {
  readonly organization: string
  /** The id of the person. */
  readonly member: string
}

export async function getMember(
  context: OperationContext,
  { organization, member }: GetMemberInput,
): Promise<NamedMemberRow> {
  return await permittedMember(context, context.store.read.members, organization, member, 'members.read')
}

export interface ListMembersInput extends PageRequest {
  readonly organization: string
}

/** Lists the members, oldest first. */
export async function listMembers(
  context: OperationContext,
  { organization, ...page }: ListMembersInput,
): Promise<Page<NamedMemberRow>> {
  requirePermission(context, organization, 'members.read')
  return await context.store.read.members.list(organization, page)
}
