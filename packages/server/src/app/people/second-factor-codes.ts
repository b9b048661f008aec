import { Problem } from '@sallyport/core'
import { authenticatorContext } from '../../crypto/seal-contexts.ts'
import { recoveryCodeDigest } from '../../identity/recovery-codes.ts'
import { acceptedStep } from '../../identity/totp.ts'
import type { AuthenticatorRow } from '../../store/port/people/second-factors.ts'
import type { Writer } from '../../store/port/store.ts'
import type { OperationContext } from '../access/context.ts'

type CodeContext = Pick<OperationContext, 'nowMs' | 'sealer'>

/** Six digits, with the spaces that apps show between them. */
const APP_CODE = /^\s*(?:\d\s*){6}$/

/** A wrong code. The problem is that of a wrong password, so that it does not say which part was wrong. */
export function codeRefused(): Problem {
  return new Problem('sign_in_failed', {
    detail:
      'The code is wrong, or was used already. Wait for the next code of your authenticator app, or use another recovery code.',
  })
}

/**
 * The authenticator with the time step of a code, if the code is accepted now.
 *
 * @returns the row to store, so that no code of this step is accepted again; undefined if the code is refused
 */
export function afterCode(
  { nowMs, sealer }: CodeContext,
  row: AuthenticatorRow,
  code: string,
): AuthenticatorRow | undefined {
  const secret = sealer.unseal(row.sealedSecret, authenticatorContext(row.person))
  const lastStep = acceptedStep({ secret, lastStep: row.lastStep }, code.replaceAll(/\s/g, ''), nowMs())
  return lastStep === null ? undefined : { ...row, lastStep }
}

/**
 * Uses up a code of a person's second factor: of the authenticator app, or a recovery code. It is part of the
 * transaction that depends on it, and transactions run one at a time, so that nobody can use a code twice.
 *
 * @param code as the person typed it
 * @returns whether the person has a second factor and the code is right
 */
export async function takeCode(
  { secondFactors }: Pick<Writer, 'secondFactors'>,
  context: CodeContext,
  person: string,
  code: string,
): Promise<boolean> {
  const row = await secondFactors.authenticator(person)
  if (row === undefined || row.confirmedAtMs === null) return false
  if (APP_CODE.test(code)) {
    const used = afterCode(context, row, code)
    if (used !== undefined) await secondFactors.saveAuthenticator(used)
    return used !== undefined
  }
  const digest = recoveryCodeDigest(person, code)
  return digest !== null && (await secondFactors.takeRecoveryCode(person, digest))
}
