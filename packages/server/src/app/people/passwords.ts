import { normalizePassword, Problem, type Password } from '@sallyport/core'
import { decoyHash, hashPassword, verifyPassword } from '../../crypto/password-hash.ts'
import type { PersonRow } from '../../store/port/people/people.ts'
import type { OperationContext } from '../access/context.ts'
import { invalidRequest } from '../refusals.ts'

/**
 * The new password of a person, as it is stored. Call it before the write transaction: it takes tens of milliseconds.
 *
 * @param path the JSON Pointer to the password in the request
 * @param person whose it is, with the password until now, if there is one
 * @throws Problem `invalid_request` for the address of the person, which is guessed first, and for the same password
 */
export async function storedPassword(
  { nowMs, randomBytes }: Pick<OperationContext, 'nowMs' | 'randomBytes'>,
  path: string,
  { email, passwordHash }: Pick<PersonRow, 'email' | 'passwordHash'>,
  password: Password,
): Promise<Pick<PersonRow, 'passwordHash' | 'passwordChangedAtMs'>> {
  const [name] = email.split('@')
  if ([email, name].includes(password.toLowerCase())) {
    throw invalidRequest([
      { path, message: 'The password is your e-mail address, or a part of it. Choose another one.' },
    ])
  }
  if (passwordHash !== null && (await verifyPassword(password, passwordHash))) {
    throw invalidRequest([
      { path, message: 'The new password is the same as the old one. Choose another one.' },
    ])
  }
  return { passwordHash: await hashPassword(password, randomBytes), passwordChangedAtMs: nowMs() }
}

/** A wrong password of a person who is signed in. */
export function passwordRefused(): Problem {
  return new Problem('sign_in_failed', {
    detail:
      'The password is wrong. Send the one that you sign in with. If you forgot it, ask for a link to set a new one.',
  })
}

/**
 * Whether a password is the person's. It takes as long for an unknown person, or one without a password, as for a wrong
 * password.
 */
export async function isPasswordOf(
  { randomBytes }: Pick<OperationContext, 'randomBytes'>,
  person: Pick<PersonRow, 'passwordHash'> | undefined,
  password: string,
): Promise<boolean> {
  const hash = person?.passwordHash ?? null
  const matches = await verifyPassword(normalizePassword(password), hash ?? decoyHash(randomBytes))
  return matches && hash !== null
}
