import { Problem, type Password } from '@sallyport/core'
import type { PersonRow } from '../../store/port/people/people.ts'
import type { Reader } from '../../store/port/store.ts'
import type { OperationContext } from '../access/context.ts'
import type { HolderReaders } from '../access/lasting-grants.ts'
import { notify } from '../notices/notify.ts'
import { claimAccount } from '../people/claim-account.ts'
import { storedPassword } from '../people/passwords.ts'
import { findTicket, takeTicket, type OpenTicket } from '../tickets/tickets.ts'
import { lackingRight } from './impersonation.ts'
import { replacePassword } from './replace-password.ts'

export interface ResetPasswordInput {
  /** The secret of the link. */
  readonly token: string
  readonly password: Password
}

/**
 * Sets the password of the person whose link it is. The link works once. Nobody is signed in by it, and second factors
 * stay: a person who can read somebody's mail must not get further than that. Only if nobody has ever shown that they read
 * the mails to the address, whoever does now gets the account to themselves.
 *
 * @returns the e-mail address of the person
 * @throws Problem `link_invalid`; `invalid_request` for the same password or the address, and the link goes on working
 */
export async function resetPassword(
  context: OperationContext,
  { token, password }: ResetPasswordInput,
): Promise<string> {
  const { store } = context
  const ticket = await findTicket(store.read, context, token, 'password-reset')
  if (ticket === undefined) throw new Problem('link_invalid')
  // Hashing takes time, which a wrong link must not cost.
  const owner = await personOf(context, store.read, ticket)
  const stored = await storedPassword(context, '/password', owner, password)
  const { value: person } = await store.write(async (tx) => {
    if (!(await takeTicket(tx, context, ticket))) throw new Problem('link_invalid')
    const found = await personOf(context, tx, ticket)
    const isMailed = ticket.content === ''
    const claimed = isMailed ? await claimAccount(tx, context, found) : found
    await replacePassword(tx, context, {
      person: claimed,
      stored,
      action: 'members.reset-password',
      ...(isMailed ? {} : { linkMadeBy: ticket.content }),
    })
    return claimed
  })
  notify(context, person.email, { about: 'password-reset' })
  return person.email
}

/** The person of a link. @throws Problem `link_invalid` if it does not work now */
async function personOf(
  context: Pick<OperationContext, 'nowMs'>,
  readers: HolderReaders & Pick<Reader, 'people'>,
  { person: id, content: madeBy }: OpenTicket,
): Promise<PersonRow> {
  const person = id === null ? undefined : await readers.people.get(id)
  if (person === undefined) throw new Problem('link_invalid')
  if (madeBy !== '' && (await lackingRight(context, readers, madeBy, person.id)) !== undefined) {
    throw new Problem('link_invalid')
  }
  return person
}
