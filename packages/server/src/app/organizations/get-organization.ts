import type { OrganizationRow } from '../../store/port/organizations.ts'
import { notFound, requirePermission } from '../access/permission-checks.ts'
import type { OperationContext } from '../access/context.ts'
import { ownedFirstOrganization } from './first-organization.ts'

export interface GetOrganizationInput {
  readonly organization: string
}

/** One of the organizations that `listOrganizations` shows to this actor. */
export async function getOrganization(
  context: OperationContext,
  { organization }: GetOrganizationInput,
): Promise<OrganizationRow> {
  const { organizations } = context.store.read
  if ((await ownedFirstOrganization(context, organizations)) === undefined) {
    requirePermission(context, organization, 'organization.read')
  }
  const row = await organizations.get(organization)
  if (row === undefined) throw notFound(`organization "${organization}"`)
  return row
}
