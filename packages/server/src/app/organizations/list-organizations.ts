import type { OrganizationRow } from '../../store/port/organizations.ts'
import type { Page, PageRequest } from '../../store/port/paging.ts'
import { isPermitted, permissionMissing } from '../access/permission-checks.ts'
import type { OperationContext } from '../access/context.ts'
import { ownedFirstOrganization } from './first-organization.ts'
import { requestedPage } from '../paging.ts'

/** Lists every organization for an owner of the first one, and an actor's own organizations for all others. */
export async function listOrganizations(
  context: OperationContext,
  input: PageRequest,
): Promise<Page<OrganizationRow>> {
  const { organizations } = context.store.read
  const page = requestedPage(input)
  if ((await ownedFirstOrganization(context, organizations)) !== undefined) return organizations.list(page)
  const readable = context.actor.organizations.filter((slug) =>
    isPermitted(context, slug, 'organization.read', {}),
  )
  if (readable.length === 0) throw permissionMissing('organization.read')
  const own = await Promise.all(readable.map((slug) => organizations.get(slug)))
  return { items: own.filter((row) => row !== undefined), next: null }
}
