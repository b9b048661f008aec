import { isConfirmed, Problem } from '@sallyport/core'
import type { Reader } from '../../store/port/store.ts'
import type { MemberActor } from '../access/authenticate-session.ts'
import type { OperationContext } from '../access/context.ts'
import { requireSecondFactor } from '../access/second-factor.ts'

/**
 * Requires that a person has an authenticator app, and verified a second factor within the last minutes: with the
 * password alone, nobody may weaken the second factor.
 *
 * @throws Problem `conflict`, `step_up_required`
 */
export async function requireVerifiedNow(
  readers: Pick<Reader, 'secondFactors'>,
  { nowMs }: Pick<OperationContext, 'nowMs'>,
  { person, session }: MemberActor,
): Promise<void> {
  await requireSecondFactor(readers, person.id)
  if (isConfirmed(session.secondFactorAtMs ?? 0, nowMs())) return
  throw new Problem('step_up_required', {
    detail:
      'Send a code of your authenticator app, or a recovery code, to `POST /v1/session/step-up`, then send this request again within 5 minutes. The password is not enough.',
  })
}
