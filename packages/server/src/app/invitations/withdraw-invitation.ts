import type { InvitationRow } from '../../store/port/people/invitations.ts'
import type { Writer } from '../../store/port/store.ts'
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
    await withdraw(tx, context, before)
  })
  return { revision }
}

/** Withdraws the open invitations that somebody has sent, who leaves: they would work again once the person is back. */
export async function withdrawInvitationsOf(
  tx: Writer,
  context: OperationContext,
  organization: string,
  sender: string,
): Promise<void> {
  const open = await tx.invitations.allOpen(organization, context.nowMs())
  for (const invitation of open.filter(({ createdBy }) => createdBy === sender)) {
    await withdraw(tx, context, invitation)
  }
}

async function withdraw(tx: Writer, context: OperationContext, invitation: InvitationRow): Promise<void> {
  const { organization, id } = invitation
  await tx.invitations.remove(organization, id)
  tx.audit(
    auditEntry(context, organization, 'invitations.withdraw', `invitation/${id}`, {
      before: auditedInvitation(invitation),
    }),
  )
}
