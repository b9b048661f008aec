import { authenticatorContext } from '../../crypto/seal-contexts.ts'
import { newTotpSecret, totpUri } from '../../identity/totp.ts'
import type { MemberActor } from '../access/authenticate-session.ts'
import type { OperationContext } from '../access/context.ts'
import { hasSecondFactor } from '../access/second-factor.ts'
import { changeOwnSignIn } from '../people/change-own-sign-in.ts'
import { conflict } from '../refusals.ts'

export interface BegunAuthenticator {
  /** Base32, to type into the app. */
  readonly secret: string
  /** For a QR code. */
  readonly uri: string
}

/**
 * Begins to add an authenticator app. It counts for nothing until its first code is verified, and replaces one that was
 * begun before.
 *
 * @throws Problem `step_up_required`; `conflict` when the person has an authenticator app
 */
export async function beginAuthenticator(
  context: OperationContext,
  member: MemberActor,
): Promise<BegunAuthenticator> {
  const made = await changeOwnSignIn(context, member, 'step-up', async (tx) => {
    const { person } = member
    if (await hasSecondFactor(tx, person.id)) {
      throw conflict('You have an authenticator app already. Remove it first, to use another one.')
    }
    const secret = newTotpSecret(context.randomBytes)
    await tx.secondFactors.saveAuthenticator({
      person: person.id,
      sealedSecret: context.sealer.seal(secret, authenticatorContext(person.id)),
      createdAtMs: context.nowMs(),
      confirmedAtMs: null,
      lastStep: null,
    })
    return { secret, uri: totpUri(secret, person.email) }
  })
  return made
}
