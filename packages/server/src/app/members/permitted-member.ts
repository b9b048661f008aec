import type { Permission } from '@sallyport/core'
import type { MemberReader, NamedMemberRow } from '../../store/port/people/members.ts'
import type { OperationContext } from '../access/context.ts'
import { permittedResource } from '../access/permission-checks.ts'

/**
 * The member with this id, if the actor has the permission on it.
 *
 * @throws Problem `not_found`, `permission_missing`
 */
export async function permittedMember(
  context: OperationContext,
  reader: MemberReader,
  organization: string,
  id: string,
  permission: Permission,
): Promise<NamedMemberRow> {
  return await permittedResource(
    context,
    permission,
    { organization, name: `member "${id}"`, read: ['members.read'], targetOf: () => ({}) },
    async () => await reader.get(organization, id),
  )
}
