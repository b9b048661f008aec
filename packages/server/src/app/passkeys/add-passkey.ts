import type { Base64url, Problem, Title } from '@sallyport/core'
import type { PasskeyFault } from '../../identity/passkeys/faults.ts'
import { type RegistrationResponse, verifyRegistration } from '../../identity/passkeys/verify-registration.ts'
import type { PasskeyRow } from '../../store/port/people/passkeys.ts'
import type { MemberActor } from '../access/authenticate-session.ts'
import type { OperationContext } from '../access/context.ts'
import { auditPerson } from '../audit/audit-person.ts'
import { newId } from '../new-id.ts'
import { changeOwnSignIn } from '../people/change-own-sign-in.ts'
import { notify } from '../notices/notify.ts'
import { invalidRequest } from '../refusals.ts'
import { findTicket, type OpenTicket, takeTicket } from '../tickets/tickets.ts'
import { auditedPasskey } from './audited-passkey.ts'
import { type BegunRegistration, PURPOSE, requireFewerPasskeys } from './begin-registration.ts'
import { requireRelyingParty } from './ceremony.ts'

export interface AddPasskeyInput {
  /** The secret of the ticket. */
  readonly ticket: string
  readonly name: Title
  readonly response: RegistrationResponse
  readonly transports: readonly string[]
}

/** What people can do about a response that is refused. */
const ADVICE: Readonly<Partial<Record<PasskeyFault, string>>> = {
  user_not_verified:
    'The authenticator did not verify who uses it. Set a PIN, fingerprint or face there, or use another one.',
  wrong_origin: 'The passkey was made at another address. Open the public URL of this server, and try again.',
  key_refused: 'The authenticator made a key that is not accepted here. Use another authenticator.',
  attestation_refused: 'Make the passkey without attestation.',
}
const OTHER_ADVICE = 'The response does not match the options. Get new options, and try again.'

/**
 * Adds a passkey for the person who began it in the same session. The ticket was issued to a session that had just been
 * confirmed, so no second confirmation is asked for. A refused response does not end the ticket.
 *
 * @throws Problem `invalid_request`; `conflict` with the most passkeys, or for a passkey that is known already
 */
export async function addPasskey(
  context: OperationContext,
  member: MemberActor,
  { ticket: secret, name, response, transports }: AddPasskeyInput,
): Promise<PasskeyRow> {
  const { person, session } = member
  const relyingParty = requireRelyingParty(context)
  const ticket = await findTicket(context.store.read, context, secret, PURPOSE)
  const challenge = ticket && challengeOf(ticket, person.id, session.id)
  const verified = challenge && (await verifyRegistration(response, { relyingParty, challenge }))
  const added = await changeOwnSignIn(context, member, 'begun', async (tx) => {
    // Refusals come here, because a repeated request gets its first answer instead of this transaction.
    if (verified === undefined || ticket === undefined) throw ticketEnded()
    if (!verified.ok) throw responseRefused(verified.fault)
    if (!(await takeTicket(tx, context, ticket))) throw ticketEnded()
    requireFewerPasskeys((await tx.passkeys.ofPerson(person.id)).length)
    const passkey: PasskeyRow = {
      person: person.id,
      id: newId('pky', context.randomBytes),
      credentialId: verified.credentialId,
      name,
      publicKey: verified.publicKey,
      signCount: verified.signCount,
      backupEligible: verified.backupEligible,
      transports,
      createdAtMs: context.nowMs(),
      lastUsedAtMs: null,
    }
    await tx.passkeys.insert(passkey)
    await auditPerson(tx, context, person.id, 'passkeys.add', { after: auditedPasskey(passkey) })
    return passkey
  })
  notify(context, person.email, { about: 'passkey-added', name })
  return added
}

/** The challenge of a ticket that was issued to this person in this session. */
function challengeOf({ person, content }: OpenTicket, owner: string, session: string): Base64url | undefined {
  if (person !== owner) return undefined
  const begun = JSON.parse(content) as BegunRegistration
  return begun.session === session ? begun.challenge : undefined
}

function responseRefused(fault: PasskeyFault): Problem {
  return invalidRequest([{ path: '/response', message: ADVICE[fault] ?? OTHER_ADVICE }])
}

function ticketEnded(): Problem {
  return invalidRequest([
    { path: '/ticket', message: 'This ticket has ended, or was used already. Get new options.' },
  ])
}
