import { Problem } from '@sallyport/core'
import type { PersonRow } from '../../store/port/people/people.ts'
import type { Writer } from '../../store/port/store.ts'
import type { OperationContext } from '../access/context.ts'
import { hasSecondFactor } from '../access/second-factor.ts'
import { isPasswordOf } from '../people/passwords.ts'
import { takeCode } from '../people/second-factor-codes.ts'
import { openSession, type Client, type OpenedSession } from '../sessions/open-session.ts'

export interface PasswordSignInInput {
  /** In the form of `parseEmail`, or any text, which nobody has. */
  readonly email: string
  readonly password: string
  /** Of the authenticator app, or a recovery code. Without a second factor it is not read. */
  readonly code?: string | undefined
  readonly client: Client
}

export interface SignInResult extends OpenedSession {
  readonly person: PersonRow
}

/**
 * Signs a person in. The answer and its time do not say whether somebody has the address, and a wrong code gets the same
 * answer as a wrong password.
 *
 * @throws Problem `sign_in_failed`; `second_factor_required` after a right password, if a code is missing
 */
export async function signInWithPassword(
  context: OperationContext,
  { email, password, code, client }: PasswordSignInInput,
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
      {
        person: person.id,
        method: 'password',
        dependsOn: null,
        hasSecondFactor: await isVerified(tx, context, person.id, code),
      },
      client,
    )
    return { ...opened, person }
  })
  return value
}

/**
 * Whether a second factor was verified: false for a person who has none.
 *
 * @throws Problem `second_factor_required`, `sign_in_failed`
 */
async function isVerified(
  tx: Pick<Writer, 'secondFactors'>,
  context: Pick<OperationContext, 'nowMs' | 'sealer'>,
  person: string,
  code: string | undefined,
): Promise<boolean> {
  if (!(await hasSecondFactor(tx, person))) return false
  if (code === undefined) throw new Problem('second_factor_required')
  if (!(await takeCode(tx, context, person, code))) throw new Problem('sign_in_failed')
  return true
}
