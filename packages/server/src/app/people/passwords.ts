import { normalizePassword, type Password } from '@sallyport/core'
import { decoyHash, hashPassword, verifyPassword } from '../../crypto/password-hash.ts'
import type { PersonRow } from '../../store/port/people/people.ts'
import type { OperationContext } from '../access/context.ts'

/** The password of a person, as it is stored. Call it before the write transaction: it takes tens of milliseconds. */
export async function storedPassword(
  { nowMs, randomBytes }: Pick<OperationContext, 'nowMs' | 'randomBytes'>,
  password: Password,
): Promise<Pick<PersonRow, 'passwordHash' | 'passwordChangedAtMs'>> {
  return { passwordHash: await hashPassword(password, randomBytes), passwordChangedAtMs: nowMs() }
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
