import type { MemberActor } from '../access/authenticate-session.ts'
import type { OperationContext } from '../access/context.ts'
import { auditPerson } from '../audit/audit-person.ts'
import { notify } from '../notices/notify.ts'
import { changeOwnSignIn } from '../people/change-own-sign-in.ts'

/**
 * Removes the authenticator app and the recovery codes of the person who is signed in. The person's other sessions end.
 *
 * @throws Problem `conflict` without an authenticator app; `step_up_required`
 */
export async function removeSecondFactor(context: OperationContext, member: MemberActor): Promise<void> {
  await changeOwnSignIn(context, member, 'verified', async (tx) => {
    await tx.secondFactors.removeAll(member.person.id)
    // A session that still waits for the second factor must not be let in without it.
    await tx.sessions.removeAll(member.person.id, member.session.id)
    await auditPerson(tx, context, member.person.id, 'second-factors.remove')
  })
  notify(context, member.person.email, { about: 'authenticator-removed' })
}
