import type { MemberActor } from '../access/authenticate-session.ts'
import type { OperationContext } from '../access/context.ts'
import { isPasswordOf, passwordRefused } from '../people/passwords.ts'
import { confirmSession, type OpenedSession } from './open-session.ts'

/**
 * Confirms with the password that it is still the person who uses the session.
 *
 * @throws Problem `sign_in_failed`
 */
export async function stepUpWithPassword(
  context: OperationContext,
  member: MemberActor,
  password: string,
): Promise<OpenedSession> {
  const { person } = member
  if (!(await isPasswordOf(context, person, password))) throw passwordRefused()
  const { value } = await context.store.write(async (tx) => {
    // The password may have changed while it was verified.
    if (member.person.passwordHash !== person.passwordHash) throw passwordRefused()
    return await confirmSession(tx, context, member.session, {
      hasSecondFactor: false,
      dependsOn: null,
    })
  })
  return value
}
