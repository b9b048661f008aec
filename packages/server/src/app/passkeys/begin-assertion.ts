import { assertionOptions } from '../../identity/passkeys/ceremony-options.ts'
import type { MemberActor } from '../access/authenticate-session.ts'
import type { OperationContext } from '../access/context.ts'
import { conflict } from '../refusals.ts'
import { issueTicket } from '../tickets/tickets.ts'
import type { BegunCeremony } from './begin-registration.ts'
import { CEREMONY_MS_MAX, newChallenge, requireRelyingParty } from './ceremony.ts'

type BegunAssertion = BegunCeremony<Awaited<ReturnType<typeof assertionOptions>>>

/**
 * Begins a sign-in of whoever has a passkey: the answer is for `navigator.credentials.get`.
 *
 * @throws Problem `conflict` without a domain
 */
export async function beginPasskeySignIn(context: OperationContext): Promise<BegunAssertion> {
  const relyingParty = requireRelyingParty(context)
  const challenge = newChallenge(context)
  const options = await assertionOptions({ relyingParty, challenge, timeoutMs: CEREMONY_MS_MAX })
  const { value: issued } = await context.store.write(
    async (tx) =>
      await issueTicket(tx, context, {
        purpose: 'passkey-sign-in',
        person: null,
        content: challenge,
        lifetimeMs: CEREMONY_MS_MAX,
      }),
  )
  return { ticket: issued.secret, options }
}

/**
 * Begins to confirm with a passkey that it is still the person who uses the session. Another one that was begun before
 * can no longer be completed.
 *
 * @throws Problem `conflict` without a passkey or a domain
 */
export async function beginPasskeyStepUp(
  context: OperationContext,
  { person }: MemberActor,
): Promise<BegunAssertion> {
  const relyingParty = requireRelyingParty(context)
  const challenge = newChallenge(context)
  const { value } = await context.store.write(async (tx) => {
    const own = await tx.passkeys.ofPerson(person.id)
    if (own.length === 0) throw conflict('You have no passkey. Confirm with your password instead.')
    await tx.tickets.removeOfPerson(person.id, 'passkey-step-up')
    const { secret: ticket } = await issueTicket(tx, context, {
      purpose: 'passkey-step-up',
      person: person.id,
      content: challenge,
      lifetimeMs: CEREMONY_MS_MAX,
    })
    return { ticket, own }
  })
  const options = await assertionOptions({ relyingParty, challenge, timeoutMs: CEREMONY_MS_MAX }, value.own)
  return { ticket: value.ticket, options }
}
