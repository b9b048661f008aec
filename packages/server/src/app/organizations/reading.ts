import type { OrganizationRow } from '../../store/port/organizations.ts'
import type { Page, PageRequest } from '../../store/port/pages/paging.ts'
import type { OperationContext } from '../access/context.ts'
import { isPermitted, notFound, permissionMissing, requirePermission } from '../access/permission-checks.ts'
import { ownedFirstOrganization } from './first-organization.ts'

export interface GetOrganizationInput {
  readonly organization: string
}

/** Returns one of the organizations that `listOrganizations` shows to this actor. */
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

/**
 * Lists every organization for an owner of the first one, and the actor's own organizations for all others. A person may be
 * in none.
 */
export async function listOrganizations(
  context: OperationContext,
  page: PageRequest,
): Promise<Page<OrganizationRow>> {
  const { organizations } = context.store.read
  if ((await ownedFirstOrganization(context, organizations)) !== undefined) return organizations.list(page)
  const readable = context.actor.organizations.filter((slug) =>
    isPermitted(context, slug, 'organization.read', {}),
  )
  if (readable.length === 0 && context.actor.kind !== 'member')
    throw permissionMissing(context, 'organization.read')
  return { items: await organizations.named(readable), next: null }
}
