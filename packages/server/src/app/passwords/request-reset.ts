import { passwordResetMail } from '../../mail/messages/password-reset.ts'
import type { OperationContext } from '../access/context.ts'
import { insertResetTicket, RESET_LINKS_PER_PERSON_MAX } from './reset-ticket.ts'

const HOUR_MS = 3_600_000

/**
 * Sends a link to set a new password by mail, if a person has the address and the installation sends mails. It takes
 * longer for a person than for an unknown address, so the answer to a request must not wait for it.
 *
 * @param email in the form of `parseEmail`, or any text, which nobody has
 */
export async function requestReset(context: Omit<OperationContext, 'actor'>, email: string): Promise<void> {
  const { store, mails } = context
  if (mails === null) return
  const person = await store.read.people.byEmail(email)
  if (person === undefined) return
  const { value } = await store.write(async (tx) => {
    // Those links still work, so the person has got enough mails.
    const links = await tx.tickets.countOfPerson(person.id, 'password-reset')
    if (links >= RESET_LINKS_PER_PERSON_MAX) return undefined
    return await insertResetTicket(tx, context, { person: person.id, validMs: HOUR_MS, madeBy: '' })
  })
  if (value !== undefined) mails.post(passwordResetMail({ to: person.email, ...value }))
}
