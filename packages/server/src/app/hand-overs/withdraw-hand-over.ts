import type { OperationContext } from '../access/context.ts'
import { nameOfActor } from '../notices/actor-name.ts'
import { conflict } from '../refusals.ts'
import { creatorNotice, notifyCreator } from './creator-notice.ts'
import { withdraw } from './follow-key.ts'
import { handOverState, permittedHandOver, type HandOverName } from './reading.ts'

/**
 * Withdraws a hand-over: its link no longer shows the token. One that has expired or is withdrawn already stays as it is.
 *
 * @throws Problem `conflict` if it was opened, `not_found`, `permission_missing`
 */
export async function withdrawHandOver(
  context: OperationContext,
  input: HandOverName,
): Promise<{ readonly revision: number }> {
  const { value: told, revision } = await context.store.write(async (tx) => {
    const before = await permittedHandOver(context, tx.handOvers, input, 'keys.write')
    const state = handOverState(before, context.nowMs())
    if (state === 'opened') {
      throw conflict(
        'The link was opened already. If the wrong person has the token, roll or delete the key.',
      )
    }
    if (state !== 'pending') return undefined
    await withdraw(tx, context, before)
    if (before.createdBy === context.actor.id) return undefined
    const by = await nameOfActor(tx, before.organization, context.actor.id)
    return await creatorNotice(tx, context, before, { about: 'hand-over-withdrawn', by })
  })
  notifyCreator(context, told)
  return { revision }
}
