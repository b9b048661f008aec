import { permissionMissing } from '../access/permission-checks.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import type { OperationContext } from '../access/context.ts'
import { runsInstallation } from './first-organization.ts'
import type { FoundedOrganization, FoundOrganizationInput } from './new-organization.ts'
import { firstEnvironments, foundOrganization, organizationErrors } from './new-organization.ts'
import { conflict, requireNone } from '../refusals.ts'

/**
 * Makes another organization, as an owner of the first one.
 *
 * @throws Problem `permission_missing` for anybody else, `conflict` when the slug is taken
 */
export async function createOrganization(
  context: OperationContext,
  input: FoundOrganizationInput,
): Promise<FoundedOrganization> {
  const environments = await firstEnvironments(context)
  const { value } = await context.store.write(async (tx) => {
    if (!(await runsInstallation(tx.organizations, context.actor)))
      throw permissionMissing('organization.write')
    requireNone(organizationErrors('', input))
    const { slug, name } = input
    if ((await tx.organizations.get(slug)) !== undefined) throw conflict(`The slug "${slug}" is taken.`)
    // Both sides can read in their own log where the organization came from.
    tx.audit(
      auditEntry(context, context.actor.organization, 'organizations.create', `organization/${slug}`, {
        after: { slug, name },
      }),
    )
    return foundOrganization(tx, context, { slug, name }, environments)
  })
  return value
}
