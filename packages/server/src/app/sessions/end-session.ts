import type { MemberActor } from '../access/authenticate-session.ts'
import type { OperationContext } from '../access/context.ts'
import { notFound } from '../access/permission-checks.ts'

/** Ends the session of the request. */
export async function endSession(
  { store }: Pick<OperationContext, 'store'>,
  { person, session }: MemberActor,
): Promise<void> {
  await store.write((tx) => tx.sessions.remove(person.id, session.id))
}

/**
 * Ends another session of the same person.
 *
 * @throws Problem `not_found`
 */
export async function endOtherSession(
  { store }: Pick<OperationContext, 'store'>,
  { person }: MemberActor,
  id: string,
): Promise<void> {
  await store.write(async (tx) => {
    const session = await tx.sessions.get(id)
    if (session?.person !== person.id) throw notFound(`session "${id}"`)
    await tx.sessions.remove(person.id, id)
  })
}

/** Ends all other sessions of the same person. */
export async function endOtherSessions(
  { store }: Pick<OperationContext, 'store'>,
  { person, session }: MemberActor,
): Promise<void> {
  await store.write((tx) => tx.sessions.removeAll(person.id, session.id))
}
