import type { OrganizationRow } from '../../store/port/organizations.ts'
import type { Page, PageRequest } from '../../store/port/paging.ts'
import { requirePermission } from '../access/permission-checks.ts'
import type { OperationContext } from '../access/context.ts'
import { runsInstallation } from './first-organization.ts'
import { requestedPage } from '../paging.ts'

/** Every organization for an owner of the first one; for anybody else their own. */
export async function listOrganizations(
  context: OperationContext,
  input: PageRequest,
): Promise<Page<OrganizationRow>> {
  const { actor, store } = context
  const page = requestedPage(input)
  if (await runsInstallation(store.read.organizations, actor)) return store.read.organizations.list(page)
  requirePermission(context, actor.organization, 'organization.read')
  const own = await store.read.organizations.get(actor.organization)
  return { items: own === undefined ? [] : [own], next: null }
}
