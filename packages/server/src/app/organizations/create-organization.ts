import { Problem } from '@sallyport/core'
import { auditEntry } from '../audit/audit-entry.ts'
import type { OperationContext } from '../access/context.ts'
import { NO_BOUNDS } from '../access/credential-bounds.ts'
import { requireWithinBounds } from '../access/roles.ts'
import { conflict } from '../refusals.ts'
import { ownedFirstOrganization } from './first-organization.ts'
import {
  firstEnvironments,
  insertOrganization,
  requireUnreservedSlug,
  type NewOrganization,
  type NewOrganizationInput,
} from './new-organization.ts'

/**
 * Creates another organization. Only an owner of the first organization may.
 *
 * @throws Problem `permission_missing`, `conflict` if the slug is taken
 */
export async function createOrganization(
  context: OperationContext,
  { slug, name }: NewOrganizationInput,
): Promise<NewOrganization> {
  const environments = await firstEnvironments(context)
  const { value } = await context.store.write(async (tx) => {
    const first = await ownedFirstOrganization(context, tx.organizations)
    if (first === undefined) throw notOfTheFirst()
    requireWithinBounds(context, 'organization.write', NO_BOUNDS)
    requireUnreservedSlug('/slug', slug)
    if ((await tx.organizations.get(slug)) !== undefined) {
      throw conflict(`The slug "${slug}" is taken. Choose another slug.`)
    }
    // Recorded in the audit logs of both organizations.
    tx.audit(
      auditEntry(context, first.slug, 'organizations.create', `organization/${slug}`, {
        after: { slug, name },
      }),
    )
    return await insertOrganization(tx, context, { slug, name }, environments)
  })
  return value
}

function notOfTheFirst(): Problem {
  return new Problem('permission_missing', {
    detail:
      'Only an owner key of the first organization, which the set-up created, can create organizations. Ask its administrator.',
    extensions: { permission: 'organization.write' },
  })
}
