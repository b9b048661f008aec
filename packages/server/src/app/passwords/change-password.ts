import type { Password } from '@sallyport/core'
import type { MemberActor } from '../access/authenticate-session.ts'
import type { OperationContext } from '../access/context.ts'
import { requireStepUp } from '../access/step-up.ts'
import { notify } from '../notices/notify.ts'
import { changeOwnSignIn } from '../people/change-own-sign-in.ts'
import { isPasswordOf, passwordRefused, storedPassword } from '../people/passwords.ts'
import { confirmSession, type OpenedSession } from '../sessions/open-session.ts'
import { replacePassword } from './replace-password.ts'

export interface ChangePasswordInput {
  /** The password until now; left out by a person who has none. */
  readonly current?: string | undefined
  readonly password: Password
}

/**
 * Changes the password of the person who is signed in. All other sessions of the person end, and this one gets a new
 * token.
 *
 * @throws Problem `sign_in_failed` if the current password is wrong, `step_up_required` for a person without a password,
 *   `invalid_request` for the same password or the address
 */
export async function changePassword(
  context: OperationContext,
  member: MemberActor,
  { current, password }: ChangePasswordInput,
): Promise<OpenedSession> {
  const { person } = member
  if (person.passwordHash === null) requireStepUp(context)
  else if (!(await isPasswordOf(context, person, current ?? ''))) throw passwordRefused()
  const stored = await storedPassword(context, '/password', person, password)
  const needs = person.passwordHash === null ? 'step-up' : 'proven'
  const opened = await changeOwnSignIn(context, member, needs, async (tx) => {
    // It may have changed while the current one was verified.
    if (member.person.passwordHash !== person.passwordHash) throw passwordRefused()
    await replacePassword(tx, context, {
      person: member.person,
      stored,
      action: 'members.change-password',
      keptSession: member.session.id,
    })
    return await confirmSession(tx, context, member.session, {
      hasSecondFactor: false,
      dependsOn: null,
    })
  })
  notify(context, person.email, { about: 'password-changed' })
  return opened
}
