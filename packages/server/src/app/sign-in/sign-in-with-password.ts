import { Problem } from '@sallyport/core'
import type { PersonRow } from '../../store/port/people/people.ts'
import type { OperationContext } from '../access/context.ts'
import { isPasswordOf } from '../people/passwords.ts'
import { openSession, type Client, type OpenedSession } from '../sessions/open-session.ts'

export interface PasswordSignInInput {
  /** In the form of `parseEmail`, or any text, which nobody has. */
  readonly email: string
  readonly password: string
  readonly client: Client
}

export interface SignInResult extends OpenedSession {
  readonly person: PersonRow
}

/**
 * Signs a person in. The answer and its time do not say whether somebody has the address.
 *
 * @throws Problem `sign_in_failed`
 */
export async function signInWithPassword(
  context: OperationContext,
  { email, password, client }: PasswordSignInInput,
): Promise<SignInResult> {
  const known = await context.store.read.people.byEmail(email)
  if (!(await isPasswordOf(context, known, password)) || known === undefined) {
    throw new Problem('sign_in_failed')
  }
  const { value } = await context.store.write(async (tx) => {
    const person = await tx.people.get(known.id)
    // The password may have changed while it was verified.
    if (person?.passwordHash !== known.passwordHash) throw new Problem('sign_in_failed')
    const opened = await openSession(
      tx,
      context,
      { person: person.id, method: 'password', hasSecondFactor: false },
      client,
    )
    return { ...opened, person }
  })
  return value
}
