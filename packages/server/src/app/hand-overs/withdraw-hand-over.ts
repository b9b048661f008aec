import type { HandOverRow } from '../../store/port/keys/hand-overs.ts'
import type { OperationContext } from '../access/context.ts'
import { permittedResource } from '../access/permission-checks.ts'
import { keyTarget } from '../access/permitted-key.ts'
import { nameOfActor } from '../notices/actor-name.ts'
import { conflict } from '../refusals.ts'
import { creatorNotice, notifyCreator } from './creator-notice.ts'
import { withdraw } from './follow-key.ts'
import { handOverState } from './reading.ts'

export interface WithdrawHandOverInput {
  readonly organization: string
  /** A hand-over's id. */
  readonly handOver: string
}

/**
 * Withdraws a hand-over: its link no longer shows the token. One that has expired or is withdrawn already stays as it is.
 *
 * @throws Problem `conflict` if it was opened, `not_found`, `permission_missing`
 */
export async function withdrawHandOver(
  context: OperationContext,
  { organization, handOver: id }: WithdrawHandOverInput,
): Promise<{ readonly revision: number }> {
  const { value: told, revision } = await context.store.write(async (tx) => {
    const before: HandOverRow = await permittedResource(
      context,
      'keys.write',
      { organization, name: `hand-over "${id}"`, read: ['keys.read'], targetOf: keyTarget },
      async () => await tx.handOvers.get(organization, id),
    )
    const state = handOverState(before, context.nowMs())
    if (state === 'opened') {
      throw conflict(
        'The link was opened already. If the wrong person has the token, roll or delete the key.',
      )
    }
    if (state !== 'pending') return undefined
    await withdraw(tx, context, before)
    if (before.createdBy === context.actor.id) return undefined
    const by = await nameOfActor(tx, organization, context.actor.id)
    return await creatorNotice(tx, context, before, { about: 'hand-over-withdrawn', by })
  })
  notifyCreator(context, told)
  return { revision }
}
