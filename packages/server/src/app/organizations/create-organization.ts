import { permissionMissing } from '../access/permission-checks.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import type { OperationContext } from '../access/context.ts'
import { ownedFirstOrganization } from './first-organization.ts'
import type { FoundedOrganization, FoundOrganizationInput } from './new-organization.ts'
import { firstEnvironments, foundOrganization, organizationErrors } from './new-organization.ts'
import { conflict, requireNone } from '../refusals.ts'

/**
 * Creates another organization. Only an owner of the first organization may.
 *
 * @throws Problem `permission_missing`, `conflict` if the slug is taken
 */
export async function createOrganization(
  context: OperationContext,
  input: FoundOrganizationInput,
): Promise<FoundedOrganization> {
  const environments = await firstEnvironments(context)
  const { value } = await context.store.write(async (tx) => {
    const first = await ownedFirstOrganization(context, tx.organizations)
    if (first === undefined) throw permissionMissing('organization.write')
    requireNone(organizationErrors('', input))
    const { slug, name } = input
    if ((await tx.organizations.get(slug)) !== undefined) throw conflict(`The slug "${slug}" is taken.`)
    // Recorded in the audit logs of both organizations.
    tx.audit(
      auditEntry(context, first.slug, 'organizations.create', `organization/${slug}`, {
        after: { slug, name },
      }),
    )
    return foundOrganization(tx, context, { slug, name }, environments)
  })
  return value
}
