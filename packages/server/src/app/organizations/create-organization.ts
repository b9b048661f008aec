import { Problem } from '@sallyport/core'
import type { OrganizationReader, OrganizationRow } from '../../store/port/organizations.ts'
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
 * Creates another organization. A signed-in person may, who becomes its owner, and an owner key of the first organization.
 *
 * @throws Problem `permission_missing`, `conflict` if the slug is taken, `quota_exceeded` for a person who has created too many
 */
export async function createOrganization(
  context: OperationContext,
  { slug, name }: NewOrganizationInput,
): Promise<NewOrganization> {
  const environments = await firstEnvironments(context)
  const { value } = await context.store.write(async (tx) => {
    const person = await tx.people.get(context.actor.id)
    await requireFewerFounded(context, tx)
    if (person === undefined) {
      if ((await ownedFirstOrganization(context, tx.organizations)) === undefined) throw notOfTheFirst()
      requireWithinBounds(context, 'organization.write', NO_BOUNDS)
    }
    requireUnreservedSlug('/slug', slug)
    if ((await tx.organizations.get(slug)) !== undefined) {
      throw conflict(`The slug "${slug}" is taken. Choose another slug.`)
    }
    // The first organization runs the installation, so its log has every other one too.
    const { slug: first } = await installationOwner(tx.organizations)
    tx.audit(
      auditEntry(context, first, 'organizations.create', `organization/${slug}`, { after: { slug, name } }),
    )
    if (person !== undefined) {
      // Whoever is no longer an owner must not get the token again with the same `Idempotency-Key`.
      const permission = 'organization.write'
      context.actor.record?.({ kind: 'permission', organization: slug, permission, target: {} })
    }
    return await insertOrganization(tx, context, { slug, name }, environments, person)
  })
  return value
}

/**
 * Requires that a person has not created as many organizations as one may. Those that the person has left count too: else
 * leaving them would make room for any number.
 *
 * @throws Problem `quota_exceeded`
 */
async function requireFewerFounded(
  { actor, organizationsPerPerson: limit }: Pick<OperationContext, 'actor' | 'organizationsPerPerson'>,
  { organizations }: { readonly organizations: OrganizationReader },
): Promise<void> {
  if (actor.kind !== 'member') return
  const used = await organizations.countFounded(actor.id)
  if (used < limit) return
  throw new Problem('quota_exceeded', {
    detail: `You have created ${used} of at most ${limit} organizations, counting those that you have left. Ask the operator to raise SALLYPORT_ORGANIZATIONS_PER_PERSON, or to create one for you.`,
    extensions: { quota: 'organizations', used, limit },
  })
}

async function installationOwner(organizations: OrganizationReader): Promise<OrganizationRow> {
  const first = await organizations.first()
  if (first === undefined) throw new Error('somebody acts before the set-up')
  return first
}

function notOfTheFirst(): Problem {
  return new Problem('permission_missing', {
    detail:
      'Only a signed-in person, or an owner key of the first organization, which the set-up created, can create organizations.',
    extensions: { permission: 'organization.write' },
  })
}
