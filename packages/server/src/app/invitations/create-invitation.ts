import { INVITATION_MS_MAX, INVITATIONS_PER_ORGANIZATION_MAX, type Email } from '@sallyport/core'
import { invitationMail } from '../../mail/messages/invitation.ts'
import type { InvitationRow } from '../../store/port/people/invitations.ts'
import type { Writer } from '../../store/port/store.ts'
import type { OperationContext } from '../access/context.ts'
import { NO_BOUNDS } from '../access/credential-bounds.ts'
import { requirePermission } from '../access/permission-checks.ts'
import { customRolesAmong, requireCovered, requireWithinBounds, roleErrors } from '../access/roles.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import { newId } from '../new-id.ts'
import { newToken } from '../new-token.ts'
import { nameOfActor } from '../notices/actor-name.ts'
import { conflict, requireNone } from '../refusals.ts'
import { auditedInvitation } from './reading.ts'

export interface CreateInvitationInput {
  readonly organization: string
  readonly email: Email
  /** At least one. */
  readonly roles: readonly string[]
}

export interface NewInvitation {
  readonly invitation: InvitationRow
  /** Opens the invitation; only its digest is stored. */
  readonly token: string
}

/**
 * Invites somebody to become a member. An expired invitation of the same address is replaced.
 *
 * @throws Problem `permission_missing` also if the roles give more than the actor has, `invalid_request` for roles that do
 *   not exist, `conflict` for a member, an address that is invited already, or too many invitations
 */
export async function createInvitation(
  context: OperationContext,
  { organization, email, roles }: CreateInvitationInput,
): Promise<NewInvitation> {
  const { value } = await context.store.write(async (tx) => {
    requirePermission(context, organization, 'members.write')
    const custom = await customRolesAmong(tx.roles, { organization, roles })
    requireNone(roleErrors('/roles', roles, custom))
    requireCovered(context, { organization, roles, environment: null }, custom)
    requireWithinBounds(context, 'members.write', NO_BOUNDS)
    await requireInvitable(tx, context, organization, email)
    const createdAtMs = context.nowMs()
    const own = newToken(context.randomBytes)
    // Whoever has this one reads the mails of the address, which the sender need not.
    const mailed = context.mails === null ? null : newToken(context.randomBytes)
    const invitation: InvitationRow = {
      organization,
      id: newId('inv', context.randomBytes),
      email,
      roles,
      tokenDigest: own.digest,
      mailedDigest: mailed?.digest ?? null,
      expiresAtMs: createdAtMs + INVITATION_MS_MAX,
      createdAtMs,
      createdBy: context.actor.id,
    }
    await tx.invitations.insert(invitation)
    tx.audit(
      auditEntry(context, organization, 'invitations.create', `invitation/${invitation.id}`, {
        after: auditedInvitation(invitation),
      }),
    )
    const invitedBy = await nameOfActor(tx, organization, context.actor.id)
    const host = await tx.organizations.get(organization)
    return { created: { invitation, token: own.token }, mailedToken: mailed?.token, invitedBy, host }
  })
  const { created, invitedBy, host, mailedToken } = value
  if (mailedToken === undefined) return created
  context.mails?.post(
    invitationMail({
      to: email,
      organization: { slug: organization, name: host?.name ?? organization },
      invitedBy,
      link: invitationLink(context.publicUrl(), mailedToken),
      expiresAtMs: created.invitation.expiresAtMs,
    }),
  )
  return created
}

/** Browsers do not send what follows `#`, so the token is in no log. */
export function invitationLink(publicUrl: string, token: string): string {
  return `${publicUrl}/invitation#${token}`
}

/** Makes room for an invitation of an address, or refuses it. */
async function requireInvitable(
  tx: Writer,
  { nowMs }: Pick<OperationContext, 'nowMs'>,
  organization: string,
  email: Email,
): Promise<void> {
  if ((await tx.members.byEmail(organization, email)) !== undefined) {
    throw conflict(`"${email}" is a member already. Change the roles of that member instead.`)
  }
  const earlier = await tx.invitations.byEmail(organization, email)
  if (earlier !== undefined && nowMs() < earlier.expiresAtMs) {
    throw conflict(`"${email}" is invited already. Withdraw that invitation first, to send a new one.`)
  }
  if (earlier !== undefined) await tx.invitations.remove(organization, earlier.id)
  const open = await tx.invitations.allOpen(organization, nowMs())
  if (open.length >= INVITATIONS_PER_ORGANIZATION_MAX) {
    throw conflict(
      `An organization has at most ${INVITATIONS_PER_ORGANIZATION_MAX} open invitations. Withdraw one that nobody needs.`,
    )
  }
}
