import type { OrganizationReader, OrganizationRow } from '../../store/port/organizations.ts'
import type { OperationContext } from '../access/context.ts'
import { isPermitted } from '../access/permission-checks.ts'

/**
 * The organization that set-up made, if the actor owns it, bound to no environment. Such an actor runs the whole
 * installation.
 */
export async function ownedFirstOrganization(
  context: Pick<OperationContext, 'actor'>,
  organizations: OrganizationReader,
): Promise<OrganizationRow | undefined> {
  const first = await organizations.first()
  return first !== undefined && isPermitted(context, first.slug, 'organization.write', {}) ? first : undefined
}
