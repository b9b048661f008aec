import type { LeakReaction, Title } from '@sallyport/core'
import type { OrganizationRow } from '../../store/port/organizations.ts'
import { notFound, requirePermission } from '../access/permission-checks.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import type { OperationContext } from '../access/context.ts'

export interface UpdateOrganizationInput {
  readonly organization: string
  readonly name?: Title | undefined
  readonly onLeak?: LeakReaction | undefined
}
export interface UpdatedOrganization {
  readonly organization: OrganizationRow
  readonly revision: number
}

/** Updates the actor's organization; omitted fields keep their values, and its slug never changes. */
export async function updateOrganization(
  context: OperationContext,
  { organization, name, onLeak }: UpdateOrganizationInput,
): Promise<UpdatedOrganization> {
  const { value, revision } = await context.store.write(async (tx) => {
    requirePermission(context, organization, 'organization.write')
    const before = await tx.organizations.get(organization)
    if (before === undefined) throw notFound(`organization "${organization}"`)
    const after: OrganizationRow = {
      ...before,
      name: name ?? before.name,
      onLeak: onLeak ?? before.onLeak,
    }
    if (after.name !== before.name) await tx.organizations.rename(organization, after.name)
    if (after.onLeak !== before.onLeak) await tx.organizations.setOnLeak(organization, after.onLeak)
    tx.audit(
      auditEntry(context, organization, 'organizations.update', `organization/${organization}`, {
        before: { name: before.name, onLeak: before.onLeak },
        after: { name: after.name, onLeak: after.onLeak },
      }),
    )
    return after
  })
  return { organization: value, revision }
}
