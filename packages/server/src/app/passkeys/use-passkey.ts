import type { Base64url } from '@sallyport/core'
import type { PasskeyFault } from '../../identity/passkeys/faults.ts'
import {
  type AssertionResponse,
  isCounterAhead,
  verifyAssertion,
} from '../../identity/passkeys/verify-assertion.ts'
import type { PasskeyRow } from '../../store/port/people/passkeys.ts'
import type { PersonRow } from '../../store/port/people/people.ts'
import type { Writer } from '../../store/port/store.ts'
import type { MemberActor } from '../access/authenticate-session.ts'
import type { OperationContext } from '../access/context.ts'
import { signInMeans } from '../people/sign-in-ways.ts'
import { type Client, confirmSession, type OpenedSession, openSession } from '../sessions/open-session.ts'
import type { SignInResult } from '../sign-in/sign-in-with-password.ts'
import { findTicket, takeTicket } from '../tickets/tickets.ts'
import { requireRelyingParty } from './ceremony.ts'

export interface PasskeyAnswer {
  /** The secret of the ticket. */
  readonly ticket: string
  readonly response: AssertionResponse
}

/** Why a passkey did not sign anybody in. It is for the log: callers are told nothing of it. */
export interface PasskeyRefusal {
  readonly ok: false
  readonly fault: PasskeyFault | 'ticket_ended' | 'passkey_unknown'
  /** The id of the passkey, if it is known. */
  readonly passkey?: string
}

type Proved<T> = ({ readonly ok: true } & T) | PasskeyRefusal
type Purpose = 'passkey-sign-in' | 'passkey-step-up'

/**
 * Signs in the owner of a passkey. The passkey has verified its user, so it counts as both factors.
 *
 * @throws Problem `conflict` without a domain
 */
export async function signInWithPasskey(
  context: OperationContext,
  answer: PasskeyAnswer,
  client: Client,
): Promise<Proved<SignInResult>> {
  return await prove(
    context,
    { purpose: 'passkey-sign-in', owner: null },
    answer,
    async (tx, passkey, person) => {
      const dependsOn = signInMeans('passkey', passkey.id)
      const signedIn = { person: person.id, method: 'passkey', dependsOn, hasSecondFactor: true } as const
      return { ...(await openSession(tx, context, signedIn, client)), person }
    },
  )
}

/**
 * Confirms with one of their passkeys that it is still the person who uses the session. It counts as a second factor too.
 *
 * @throws Problem `conflict` without a domain
 */
export async function stepUpWithPasskey(
  context: OperationContext,
  member: MemberActor,
  answer: PasskeyAnswer,
): Promise<Proved<OpenedSession>> {
  const ceremony = { purpose: 'passkey-step-up', owner: member.person.id } as const
  return await prove(
    context,
    ceremony,
    answer,
    async (tx, passkey) =>
      await confirmSession(tx, context, member.session, {
        hasSecondFactor: true,
        dependsOn: signInMeans('passkey', passkey.id),
      }),
  )
}

/**
 * Completes a ceremony once. A refused answer changes nothing: an authenticator can answer again until the ticket ends.
 *
 * @param then what follows in the transaction that takes the ticket
 */
async function prove<T>(
  context: OperationContext,
  { purpose, owner }: { readonly purpose: Purpose; readonly owner: string | null },
  { ticket: secret, response }: PasskeyAnswer,
  then: (tx: Writer, passkey: PasskeyRow, person: PersonRow) => Promise<T>,
): Promise<Proved<T>> {
  const relyingParty = requireRelyingParty(context)
  const { read } = context.store
  const ticket = await findTicket(read, context, secret, purpose)
  if (ticket === undefined || ticket.person !== owner) return { ok: false, fault: 'ticket_ended' }

  const found = await read.passkeys.byCredential(response.id)
  if (found === undefined || (owner !== null && found.person !== owner))
    return { ok: false, fault: 'passkey_unknown' }
  const verified = await verifyAssertion(response, {
    relyingParty,
    challenge: ticket.content as Base64url,
    credential: found,
    isPersonKnown: owner !== null,
  })
  if (!verified.ok) return { ...verified, passkey: found.id }

  const { value } = await context.store.write(async (tx): Promise<Proved<T>> => {
    if (!(await takeTicket(tx, context, ticket))) return { ok: false, fault: 'ticket_ended' }
    // The passkey may have been removed or used while it was verified.
    const passkey = await tx.passkeys.get(found.person, found.id)
    const person = await tx.people.get(found.person)
    if (passkey === undefined || person === undefined) return { ok: false, fault: 'passkey_unknown' }
    if (!isCounterAhead(verified.signCount, passkey.signCount)) {
      return { ok: false, fault: 'counter_went_back', passkey: passkey.id }
    }
    await tx.passkeys.update({
      ...passkey,
      signCount: verified.signCount,
      lastUsedAtMs: context.nowMs(),
    })
    return { ok: true, ...(await then(tx, passkey, person)) }
  })
  return value
}
