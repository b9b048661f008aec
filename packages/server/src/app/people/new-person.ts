import type { Password, Title } from '@sallyport/core'
import type { PersonRow } from '../../store/port/people/people.ts'
import type { OperationContext } from '../access/context.ts'
import { newId } from '../new-id.ts'
import { storedPassword } from './passwords.ts'

export interface NewPersonInput {
  /** In the form of `parseEmail`. */
  readonly email: string
  readonly name: Title
  readonly password: Password
  /** The JSON Pointer to the password in the request. */
  readonly passwordPath: string
  /** Whether it is known that the person reads mails to the address. */
  readonly isEmailProven: boolean
}

/**
 * The row of a person who chose a password. Call it before the write transaction, because hashing takes time.
 *
 * @throws Problem `invalid_request` for a password that is the address
 */
export async function newPerson(
  context: Pick<OperationContext, 'nowMs' | 'randomBytes'>,
  { email, name, password, passwordPath, isEmailProven }: NewPersonInput,
): Promise<PersonRow> {
  return {
    id: newId('mem', context.randomBytes),
    email,
    name,
    ...(await storedPassword(context, passwordPath, { email, passwordHash: null }, password)),
    emailProvenAtMs: isEmailProven ? context.nowMs() : null,
    createdAtMs: context.nowMs(),
  }
}
