import type { MemberActor } from '../access/authenticate-session.ts'
import type { OperationContext } from '../access/context.ts'
import { requireSecondFactor } from '../access/second-factor.ts'
import { codeRefused, takeCode } from '../people/second-factor-codes.ts'
import { confirmSession, type OpenedSession } from './open-session.ts'

/**
 * Verifies a code of the person's second factor: in a session that still lacks it, or to confirm that it is still the
 * person who uses the session.
 *
 * @param code of the authenticator app, or a recovery code
 * @throws Problem `sign_in_failed`; `conflict` without a second factor
 */
export async function verifySecondFactor(
  context: OperationContext,
  member: MemberActor,
  code: string,
): Promise<OpenedSession> {
  const { value } = await context.store.write(async (tx) => {
    await requireSecondFactor(tx, member.person.id)
    if (!(await takeCode(tx, context, member.person.id, code))) throw codeRefused()
    return await confirmSession(tx, context, member.session, { hasSecondFactor: true })
  })
  return value
}
