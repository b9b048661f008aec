import type { NamedMemberRow } from '../../store/port/people/members.ts'
import type { OperationContext } from '../access/context.ts'
import { NO_BOUNDS } from '../access/credential-bounds.ts'
import { OWNER, requireOwnerLeftBeside } from '../access/last-owner.ts'
import { customRolesAmong, requireCovered, requireWithinBounds, roleErrors } from '../access/roles.ts'
import { requireStepUp } from '../access/step-up.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import { notifyOfOwner, ownerNotices } from '../notices/owner-notices.ts'
import { requireNone } from '../refusals.ts'
import { auditedMember } from './audited-member.ts'
import { permittedMember } from './permitted-member.ts'

export interface UpdateMemberInput {
  readonly organization: string
  /** The id of the person. */
  readonly member: string
  /** They replace those that the member has. */
  readonly roles: readonly string[]
}

export interface UpdatedMember {
  readonly member: NamedMemberRow
  readonly revision: number
}

/**
 * Replaces the roles of a member. The actor must have what the member had and what the member gets.
 *
 * @throws Problem `permission_missing`, `invalid_request` for roles that do not exist, `conflict` for the last owner,
 *   `step_up_required` if somebody no longer is an owner
 */
export async function updateMember(
  context: OperationContext,
  { organization, member: id, roles }: UpdateMemberInput,
): Promise<UpdatedMember> {
  const { value, revision } = await context.store.write(async (tx) => {
    const before = await permittedMember(context, tx.members, organization, id, 'members.write')
    const custom = await customRolesAmong(tx.roles, { organization, roles: [...before.roles, ...roles] })
    requireNone(roleErrors('/roles', roles, custom))
    requireCovered(context, { ...before, environment: null }, custom)
    requireCovered(context, { organization, roles, environment: null }, custom)
    requireWithinBounds(context, 'members.write', NO_BOUNDS)
    if (before.roles.includes(OWNER) && !roles.includes(OWNER)) requireStepUp(context)
    const after = { ...before, roles }
    await tx.members.update(after)
    await requireOwnerLeftBeside(tx, before, roles)
    tx.audit(
      auditEntry(context, organization, 'members.update', `member/${id}`, {
        before: auditedMember(before),
        after: auditedMember(after),
      }),
    )
    const isNewOwner = roles.includes(OWNER) && !before.roles.includes(OWNER)
    const made = { organization, owner: after, givenBy: context.actor.id }
    return { after, notices: isNewOwner ? await ownerNotices(tx, context, made) : undefined }
  })
  notifyOfOwner(context, value.notices)
  return { member: value.after, revision }
}
