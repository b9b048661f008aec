import { type Base64url, PASSKEYS_PER_PERSON_MAX } from '@sallyport/core'
import { registrationOptions } from '../../identity/passkeys/ceremony-options.ts'
import type { MemberActor } from '../access/authenticate-session.ts'
import type { OperationContext } from '../access/context.ts'
import { hasSecondFactor } from '../access/second-factor.ts'
import { conflict } from '../refusals.ts'
import { changeOwnSignIn } from '../people/change-own-sign-in.ts'
import { requireVerifiedNow } from '../people/require-verified-now.ts'
import { issueTicket } from '../tickets/tickets.ts'
import { CEREMONY_MS_MAX, newChallenge, requireRelyingParty } from './ceremony.ts'

/** A ceremony that a browser completes. */
export interface BegunCeremony<Options> {
  /** The secret of the ticket with which it is completed. */
  readonly ticket: string
  readonly options: Options
}

export const PURPOSE = 'passkey-registration'

/** What the ticket of a registration holds. */
export interface BegunRegistration {
  readonly challenge: Base64url
  /** The id of the session that had just been confirmed. */
  readonly session: string
}

/**
 * Begins to add a passkey: the answer is for `navigator.credentials.create`. It can be completed once, in the same
 * session; another one that was begun before can no longer be.
 *
 * @throws Problem `step_up_required`; `conflict` with the most passkeys, or without a domain
 */
export async function beginRegistration(
  context: OperationContext,
  member: MemberActor,
): Promise<BegunCeremony<Awaited<ReturnType<typeof registrationOptions>>>> {
  const { person, session } = member
  const relyingParty = requireRelyingParty(context)
  const challenge = newChallenge(context)
  const begunHere = await changeOwnSignIn(context, member, 'step-up', async (tx) => {
    // A passkey counts as both factors, so one factor must not be enough to add it.
    if (await hasSecondFactor(tx, person.id)) await requireVerifiedNow(tx, context, member)
    const known = await tx.passkeys.ofPerson(person.id)
    requireFewerPasskeys(known.length)
    await tx.tickets.removeOfPerson(person.id, PURPOSE)
    const begun: BegunRegistration = { challenge, session: session.id }
    const { secret: ticket } = await issueTicket(tx, context, {
      purpose: PURPOSE,
      person: person.id,
      content: JSON.stringify(begun),
      lifetimeMs: CEREMONY_MS_MAX,
    })
    return { ticket, known }
  })
  const options = await registrationOptions({
    relyingParty,
    challenge,
    timeoutMs: CEREMONY_MS_MAX,
    person,
    known: begunHere.known,
  })
  return { ticket: begunHere.ticket, options }
}

/** @throws Problem `conflict` */
export function requireFewerPasskeys(count: number): void {
  if (count < PASSKEYS_PER_PERSON_MAX) return
  throw conflict(`A person has at most ${PASSKEYS_PER_PERSON_MAX} passkeys. Remove one first.`)
}
