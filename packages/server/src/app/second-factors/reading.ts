import type { MemberActor } from '../access/authenticate-session.ts'
import type { OperationContext } from '../access/context.ts'

export interface SecondFactorFacts {
  /** When the first code of the authenticator app was verified; null for a person without one. */
  readonly confirmedAtMs: number | null
  readonly recoveryCodesLeft: number
}

/** The second factor of the person who is signed in. */
export async function secondFactorOf(
  { store }: Pick<OperationContext, 'store'>,
  { person }: MemberActor,
): Promise<SecondFactorFacts> {
  const { secondFactors } = store.read
  const authenticator = await secondFactors.authenticator(person.id)
  return {
    confirmedAtMs: authenticator?.confirmedAtMs ?? null,
    recoveryCodesLeft: await secondFactors.countRecoveryCodes(person.id),
  }
}
