import type { MemberActor } from '../access/authenticate-session.ts'
import type { OperationContext } from '../access/context.ts'
import { auditPerson } from '../audit/audit-person.ts'
import { notify } from '../notices/notify.ts'
import { changeOwnSignIn } from '../people/change-own-sign-in.ts'
import { afterCode, codeRefused } from '../people/second-factor-codes.ts'
import { conflict } from '../refusals.ts'
import { confirmSession, type OpenedSession } from '../sessions/open-session.ts'
import { saveNewRecoveryCodes } from './recovery-codes.ts'

export interface ConfirmedAuthenticator extends OpenedSession {
  /** Shown once; only their digests are stored. */
  readonly recoveryCodes: readonly string[]
}

/**
 * Verifies the first code of an authenticator app, which makes it the person's second factor. The session gets a new
 * token and counts as verified. All other sessions end: they were opened without the second factor.
 *
 * @throws Problem `step_up_required`; `conflict` when there is nothing to confirm; `sign_in_failed` for a wrong code
 */
export async function confirmAuthenticator(
  context: OperationContext,
  member: MemberActor,
  code: string,
): Promise<ConfirmedAuthenticator> {
  const made = await changeOwnSignIn(context, member, 'step-up', async (tx) => {
    const { person, session } = member
    const begun = await tx.secondFactors.authenticator(person.id)
    if (begun === undefined || begun.confirmedAtMs !== null) {
      throw conflict('There is no authenticator app to confirm. Begin with POST /v1/person/second-factor.')
    }
    const used = afterCode(context, begun, code)
    if (used === undefined) throw codeRefused()
    await tx.secondFactors.saveAuthenticator({ ...used, confirmedAtMs: context.nowMs() })
    const recoveryCodes = await saveNewRecoveryCodes(tx, context, person.id)
    await tx.sessions.removeAll(person.id, session.id)
    await auditPerson(tx, context, person.id, 'second-factors.add')
    return { ...(await confirmSession(tx, context, session, { hasSecondFactor: true })), recoveryCodes }
  })
  notify(context, member.person.email, { about: 'authenticator-added' })
  return made
}
