import { Problem, type Password, type Title } from '@sallyport/core'
import { tokenDigest } from '../../crypto/digest.ts'
import type { InvitationRow } from '../../store/port/people/invitations.ts'
import type { PersonRow } from '../../store/port/people/people.ts'
import type { OrganizationRow } from '../../store/port/organizations.ts'
import type { Reader, Writer } from '../../store/port/store.ts'
import { VISITOR } from '../access/actor.ts'
import type { MemberActor } from '../access/authenticate-session.ts'
import type { OperationContext } from '../access/context.ts'
import { OWNER } from '../access/last-owner.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import { insertMember } from '../people/insert-member.ts'
import { notifyOfOwner, ownerNotices } from '../notices/owner-notices.ts'
import { newPerson } from '../people/new-person.ts'
import { conflict, invalidRequest } from '../refusals.ts'
import { openSession, type Client, type OpenedSession } from '../sessions/open-session.ts'
import { auditedInvitation } from './reading.ts'
import { isBackedBySender } from './sender.ts'

export interface AcceptInvitationInput {
  readonly token: string
  /** Of somebody without an account, who gets one for the address of the invitation. */
  readonly name?: Title | undefined
  readonly password?: Password | undefined
  readonly client: Client
}

export interface AcceptedInvitation {
  readonly organization: OrganizationRow
  readonly person: PersonRow
  readonly roles: readonly string[]
  /** The session of somebody who has just got an account. */
  readonly opened?: OpenedSession
}

/**
 * Makes the person who is signed in a member, or somebody new, who thereby gets an account and is signed in.
 *
 * @param member who is signed in; undefined for nobody
 * @throws Problem `link_invalid` for an invitation that does not exist, was accepted or withdrawn, has expired, or whose
 *   sender may no longer give its roles; `unauthenticated` for somebody who has an account and is not signed in;
 *   `invalid_request` without name and password of somebody new; `conflict` for another address
 */
export async function acceptInvitation(
  context: OperationContext,
  member: MemberActor | undefined,
  { token, name, password, client }: AcceptInvitationInput,
): Promise<AcceptedInvitation> {
  const digest = tokenDigest(token)
  const { email, mailedDigest } = await openInvitation(context, context.store.read, digest)
  const isEmailProven = digest === mailedDigest
  const known = member?.person ?? (await context.store.read.people.byEmail(email))
  if (known === undefined && (name === undefined || password === undefined))
    throw newcomerLacks(name, password)
  if (known !== undefined && member === undefined) {
    throw new Problem('unauthenticated', {
      detail: `"${email}" has an account. Sign in with it, then send this request again.`,
    })
  }
  const newcomer =
    name === undefined || password === undefined || member !== undefined
      ? undefined
      : await newPerson(context, { email, name, password, passwordPath: '/password', isEmailProven })
  const acting = newcomer === undefined ? context : { ...context, actor: { ...VISITOR, id: newcomer.id } }
  const { value } = await context.store.write(async (tx) => {
    const invitation = await openInvitation(context, tx, digest)
    const person = newcomer ?? member?.person
    if (person === undefined) throw new Problem('unauthenticated')
    if (person.email !== invitation.email) throw otherAddress()
    if (newcomer !== undefined) await tx.people.insert(newcomer)
    else if (isEmailProven) await tx.people.update({ ...person, emailProvenAtMs: context.nowMs() })
    const organization = await join(tx, acting, invitation, person)
    const { roles, createdBy } = invitation
    const made = { organization: organization.slug, owner: person, givenBy: createdBy }
    const notices = roles.includes(OWNER) ? await ownerNotices(tx, context, made) : undefined
    const joined = { organization, person, roles, notices }
    if (newcomer === undefined) return joined
    const signedIn = {
      person: newcomer.id,
      method: 'password',
      dependsOn: null,
      hasSecondFactor: false,
    } as const
    return { ...joined, opened: await openSession(tx, context, signedIn, client) }
  })
  const { notices, ...accepted } = value
  notifyOfOwner(context, notices)
  return accepted
}

async function openInvitation(
  { nowMs }: Pick<OperationContext, 'nowMs'>,
  { invitations }: Pick<Reader, 'invitations'>,
  digest: string,
): Promise<InvitationRow> {
  const invitation = await invitations.byToken(digest)
  if (invitation === undefined) throw new Problem('link_invalid')
  if (nowMs() < invitation.expiresAtMs) return invitation
  throw new Problem('link_invalid', { detail: 'The invitation has expired. Ask for a new one.' })
}

/** Makes the acting person a member as the invitation says, which ends it. */
async function join(
  tx: Writer,
  context: OperationContext,
  invitation: InvitationRow,
  person: PersonRow,
): Promise<OrganizationRow> {
  const { organization, id, roles } = invitation
  if (!(await isBackedBySender(context, tx, invitation))) {
    throw new Problem('link_invalid', {
      detail: 'The sender of the invitation may no longer give its roles. Ask for a new one.',
    })
  }
  await tx.invitations.remove(organization, id)
  tx.audit(
    auditEntry(context, organization, 'invitations.accept', `invitation/${id}`, {
      before: auditedInvitation(invitation),
    }),
  )
  await insertMember(tx, context, { organization, person, roles })
  const row = await tx.organizations.get(organization)
  if (row === undefined)
    throw new Error(`the organization ${organization} has an invitation and does not exist`)
  return row
}

function newcomerLacks(name: unknown, password: unknown): Problem {
  const fields = Object.entries({ name, password }).filter(([, value]) => value === undefined)
  return invalidRequest(
    fields.map(([field]) => ({
      path: `/${field}`,
      message: 'The address of the invitation has no account yet. Send a name and a password to create one.',
    })),
  )
}

function otherAddress(): Problem {
  return conflict(
    'The invitation is for another e-mail address. Sign in with that account, or sign out to create one.',
  )
}
