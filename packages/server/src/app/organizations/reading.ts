import type { OrganizationRow } from '../../store/port/organizations.ts'
import type { Page, PageRequest } from '../../store/port/paging.ts'
import type { OperationContext } from '../access/context.ts'
import { notFound, requirePermission } from '../access/permission-checks.ts'
import { runsInstallation } from './first-organization.ts'

export interface GetOrganizationInput {
  readonly organization: string
}

/** Returns one of the organizations that `listOrganizations` shows to this actor. */
export async function getOrganization(
  context: OperationContext,
  { organization }: GetOrganizationInput,
): Promise<OrganizationRow> {
  const { organizations } = context.store.read
  if (!(await runsInstallation(organizations, context.actor))) {
    requirePermission(context, organization, 'organization.read')
  }
  const row = await organizations.get(organization)
  if (row === undefined) throw notFound(`organization "${organization}"`)
  return row
}

/** Lists every organization for an owner of the first one, and the actor's own organization for anyone else. */
export async function listOrganizations(
  context: OperationContext,
  page: PageRequest,
): Promise<Page<OrganizationRow>> {
  const { actor, store } = context
  if (await runsInstallation(store.read.organizations, actor)) {
    return await store.read.organizations.list(page)
  }
  requirePermission(context, actor.organization, 'organization.read')
  const own = await store.read.organizations.get(actor.organization)
  return { items: own === undefined ? [] : [own], next: null }
}
