import type { OperationContext } from '../access/context.ts'
import { permissionMissing } from '../access/permission-checks.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import { conflict } from '../refusals.ts'
import { runsInstallation } from './first-organization.ts'
import {
  firstEnvironments,
  insertOrganization,
  requireUnreservedSlug,
  type NewOrganization,
  type NewOrganizationInput,
} from './new-organization.ts'

/**
 * Creates another organization; only an owner of the first organization may do this.
 *
 * @throws Problem `permission_missing` for any other actor, `conflict` if the slug is taken
 */
export async function createOrganization(
  context: OperationContext,
  { slug, name }: NewOrganizationInput,
): Promise<NewOrganization> {
  const environments = await firstEnvironments(context)
  const { value } = await context.store.write(async (tx) => {
    if (!(await runsInstallation(tx.organizations, context.actor)))
      throw permissionMissing('organization.write')
    requireUnreservedSlug('/slug', slug)
    if ((await tx.organizations.get(slug)) !== undefined) {
      throw conflict(`The slug "${slug}" is taken. Choose another slug.`)
    }
    // Both organizations can read in their own audit log where the new one came from.
    tx.audit(
      auditEntry(context, context.actor.organization, 'organizations.create', `organization/${slug}`, {
        after: { slug, name },
      }),
    )
    return await insertOrganization(tx, context, { slug, name }, environments)
  })
  return value
}
