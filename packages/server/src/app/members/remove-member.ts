import type { OperationContext } from '../access/context.ts'
import { OWNER, requireOwnerLeftBeside } from '../access/last-owner.ts'
import { notFound } from '../access/permission-checks.ts'
import { customRolesAmong, requireCovered } from '../access/roles.ts'
import { requireStepUp } from '../access/step-up.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import type { MemberReader, NamedMemberRow } from '../../store/port/people/members.ts'
import { withdrawInvitationsOf } from '../invitations/withdraw-invitation.ts'
import { auditedMember } from './audited-member.ts'
import { permittedMember } from './permitted-member.ts'

export interface RemoveMemberInput {
  readonly organization: string
  /** The id of the person. */
  readonly member: string
}

/**
 * Removes a person from an organization. Their next request there is refused, in open sessions too. Everybody may leave;
 * to remove somebody else, the actor must have what that member has.
 *
 * @throws Problem `permission_missing`, `conflict` for the last owner, `step_up_required` for an owner
 */
export async function removeMember(
  context: OperationContext,
  { organization, member: id }: RemoveMemberInput,
): Promise<{ readonly revision: number }> {
  const { revision } = await context.store.write(async (tx) => {
    const isSelf = context.actor.id === id
    const before = isSelf
      ? await ownMembership(tx.members, organization, id)
      : await permittedMember(context, tx.members, organization, id, 'members.write')
    if (!isSelf) {
      const custom = await customRolesAmong(tx.roles, before)
      requireCovered(context, { ...before, environment: null }, custom)
    }
    if (before.roles.includes(OWNER)) requireStepUp(context)
    await tx.members.remove(organization, id)
    await withdrawInvitationsOf(tx, context, organization, id)
    await requireOwnerLeftBeside(tx, before, [])
    tx.audit(
      auditEntry(context, organization, 'members.remove', `member/${id}`, { before: auditedMember(before) }),
    )
  })
  return { revision }
}

async function ownMembership(
  members: MemberReader,
  organization: string,
  id: string,
): Promise<NamedMemberRow> {
  const row = await members.get(organization, id)
  if (row === undefined) throw notFound(`organization "${organization}"`)
  return row
}
