import type { Problem } from '@sallyport/core'
import type { MemberActor } from '../access/authenticate-session.ts'
import type { OperationContext } from '../access/context.ts'
import { requireSecondFactor } from '../access/second-factor.ts'
import { codeRefused, takeCode } from '../people/second-factor-codes.ts'
import { conflict } from '../refusals.ts'
import { confirmSession, type OpenedSession } from './open-session.ts'

/**
 * Verifies a code of the second factor that a session lacks. One that lacks none is confirmed by a right code.
 *
 * @param code of the authenticator app, or a recovery code
 * @throws Problem `sign_in_failed`; `conflict` in a session that lacks none, which a wrong code should not puzzle
 */
export async function sendSecondFactor(
  context: OperationContext,
  member: MemberActor,
  code: string,
): Promise<OpenedSession> {
  return await verify(context, member, code, () =>
    member.isPending
      ? codeRefused()
      : conflict(
          'This session has its second factor already, and the code is wrong or was used. To confirm that it is you, send the next code to POST /v1/session/step-up.',
        ),
  )
}

/**
 * Verifies a code of the person's second factor, to confirm that it is still the person who uses the session.
 *
 * @param code of the authenticator app, or a recovery code
 * @throws Problem `sign_in_failed`; `conflict` without a second factor
 */
export async function verifySecondFactor(
  context: OperationContext,
  member: MemberActor,
  code: string,
): Promise<OpenedSession> {
  return await verify(context, member, code, codeRefused)
}

async function verify(
  context: OperationContext,
  member: MemberActor,
  code: string,
  refusal: () => Problem,
): Promise<OpenedSession> {
  const { value } = await context.store.write(async (tx) => {
    await requireSecondFactor(tx, member.person.id)
    if (!(await takeCode(tx, context, member.person.id, code))) throw refusal()
    return await confirmSession(tx, context, member.session, { hasSecondFactor: true })
  })
  return value
}
