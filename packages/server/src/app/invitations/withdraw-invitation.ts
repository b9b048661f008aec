import type { OperationContext } from '../access/context.ts'
import { permittedResource } from '../access/permission-checks.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import { auditedInvitation } from './reading.ts'

export interface WithdrawInvitationInput {
  readonly organization: string
  readonly invitation: string
}

/** Withdraws an invitation: its link no longer works. */
export async function withdrawInvitation(
  context: OperationContext,
  { organization, invitation: id }: WithdrawInvitationInput,
): Promise<{ readonly revision: number }> {
  const { revision } = await context.store.write(async (tx) => {
    const before = await permittedResource(
      context,
      'members.write',
      { organization, name: `invitation "${id}"`, read: ['members.read'], targetOf: () => ({}) },
      async () => await tx.invitations.get(organization, id),
    )
    await tx.invitations.remove(organization, id)
    tx.audit(
      auditEntry(context, organization, 'invitations.withdraw', `invitation/${id}`, {
        before: auditedInvitation(before),
      }),
    )
  })
  return { revision }
}
