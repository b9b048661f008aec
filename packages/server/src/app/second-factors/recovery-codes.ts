import { newRecoveryCodes, recoveryCodeDigest } from '../../identity/recovery-codes.ts'
import type { Writer } from '../../store/port/store.ts'
import type { MemberActor } from '../access/authenticate-session.ts'
import type { OperationContext } from '../access/context.ts'
import { auditPerson } from '../audit/audit-person.ts'
import { changeOwnSignIn } from '../people/change-own-sign-in.ts'

/** Gives a person ten recovery codes in place of those they have. Only their digests are stored. */
export async function saveNewRecoveryCodes(
  { secondFactors }: Pick<Writer, 'secondFactors'>,
  { randomBytes }: Pick<OperationContext, 'randomBytes'>,
  person: string,
): Promise<readonly string[]> {
  const codes = newRecoveryCodes(randomBytes)
  const digests = codes.flatMap((code) => recoveryCodeDigest(person, code) ?? [])
  await secondFactors.saveRecoveryCodes(person, digests)
  return codes
}

/**
 * Replaces the recovery codes of the person who is signed in.
 *
 * @throws Problem `conflict` without an authenticator app; `step_up_required`
 */
export async function replaceRecoveryCodes(
  context: OperationContext,
  member: MemberActor,
): Promise<readonly string[]> {
  const made = await changeOwnSignIn(context, member, 'verified', async (tx) => {
    await auditPerson(tx, context, member.person.id, 'second-factors.replace-recovery-codes')
    return await saveNewRecoveryCodes(tx, context, member.person.id)
  })
  return made
}
