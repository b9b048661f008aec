import type { Writer } from '../../store/port/store.ts'
import type { MemberActor } from '../access/authenticate-session.ts'
import type { OperationContext } from '../access/context.ts'
import { requireStepUp } from '../access/step-up.ts'
import { requireVerifiedNow } from './require-verified-now.ts'

/**
 * What a change needs beside the session: a `step-up`; a second factor that was `verified` within the last minutes; or
 * nothing, because only a session with a step-up could begin it, or because the request `proves` who sends it.
 */
export type OwnChangeNeeds = 'step-up' | 'verified' | 'begun' | 'proven'

/**
 * Changes what a person signs in with, in their own session. Every such change goes through here. The session is read
 * again in the transaction of the change, also where another actor than the person runs it: it must not have ended, and
 * must have the second factor that the person has by now.
 *
 * @throws Problem `unauthenticated`, `second_factor_required`, `step_up_required`, or whatever `change` throws
 */
export async function changeOwnSignIn<T>(
  { store, nowMs }: Pick<OperationContext, 'store' | 'nowMs'>,
  member: MemberActor,
  needs: OwnChangeNeeds,
  change: (tx: Writer) => Promise<T>,
): Promise<T> {
  const { value } = await store.write(async (tx) => {
    await member.renew(tx, nowMs())
    if (needs === 'step-up') requireStepUp({ actor: member, nowMs })
    if (needs === 'verified') await requireVerifiedNow(tx, { nowMs }, member)
    return await change(tx)
  })
  return value
}
