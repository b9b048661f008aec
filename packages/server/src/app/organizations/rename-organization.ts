import type { Title } from '@sallyport/core'
import type { OrganizationRow } from '../../store/port/organizations.ts'
import { notFound, requirePermission } from '../access/permission-checks.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import type { OperationContext } from '../access/context.ts'

export interface RenameOrganizationInput {
  readonly organization: string
  readonly name: Title
}
export interface RenamedOrganization {
  readonly organization: OrganizationRow
  readonly revision: number
}

/** Renames the actor's organization; its slug never changes. */
export async function renameOrganization(
  context: OperationContext,
  { organization, name }: RenameOrganizationInput,
): Promise<RenamedOrganization> {
  const { value, revision } = await context.store.write(async (tx) => {
    requirePermission(context, organization, 'organization.write')
    const row = await tx.organizations.get(organization)
    if (row === undefined) throw notFound(`organization "${organization}"`)
    await tx.organizations.rename(organization, name)
    tx.audit(
      auditEntry(context, organization, 'organizations.rename', `organization/${organization}`, {
        before: { name: row.name },
        after: { name },
      }),
    )
    return { ...row, name }
  })
  return { organization: value, revision }
}
