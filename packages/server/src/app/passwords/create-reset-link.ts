import { Problem } from '@sallyport/core'
import type { OperationContext } from '../access/context.ts'
import { NO_BOUNDS } from '../access/credential-bounds.ts'
import type { HolderReaders } from '../access/lasting-grants.ts'
import { requireWithinBounds } from '../access/roles.ts'
import { requireStepUp } from '../access/step-up.ts'
import { auditPerson } from '../audit/audit-person.ts'
import { permittedMember } from '../members/permitted-member.ts'
import { nameOfActor } from '../notices/actor-name.ts'
import { notify } from '../notices/notify.ts'
import { lackingRight } from './impersonation.ts'
import { insertResetTicket, type ResetLink } from './reset-ticket.ts'

const DAY_MS = 24 * 3_600_000

export interface CreateResetLinkInput {
  readonly organization: string
  /** The id of the person. */
  readonly member: string
}

/**
 * Creates a link with which a member sets a new password, for the actor to hand over. It replaces earlier links.
 *
 * The link lets its bearer act as the person, so the actor must have every right that the person has, in every
 * organization of the person, until the link is used: otherwise an actor could keep it until the person may do more, or
 * use it after having left.
 *
 * @throws Problem `not_found`, `permission_missing`, `step_up_required`
 */
export async function createResetLink(
  context: OperationContext,
  { organization, member: id }: CreateResetLinkInput,
): Promise<ResetLink> {
  const { value } = await context.store.write(async (tx) => {
    const member = await permittedMember(context, tx.members, organization, id, 'members.write')
    await requireAllRights(context, tx, id)
    requireWithinBounds(context, 'members.write', NO_BOUNDS)
    requireStepUp(context)
    await tx.tickets.removeOfPerson(id, 'password-reset')
    const link = await insertResetTicket(tx, context, {
      person: id,
      validMs: DAY_MS,
      madeBy: context.actor.id,
    })
    await auditPerson(tx, context, id, 'members.create-reset-link', {
      after: { expiresAtMs: link.expiresAtMs },
    })
    return { member, link, by: await nameOfActor(tx, organization, context.actor.id) }
  })
  notify(context, value.member.email, { about: 'reset-link-made', by: value.by })
  return value.link
}

async function requireAllRights(
  context: OperationContext,
  readers: HolderReaders,
  person: string,
): Promise<void> {
  const lacking = await lackingRight(context, readers, context.actor.id, person)
  if (lacking === undefined) return
  const permission = lacking.grant?.permission
  throw new Problem('permission_missing', {
    detail:
      permission === undefined
        ? 'This person also belongs to an organization that you do not belong to, and a link would let you act there. The person can ask for a mail instead, or leave that organization first.'
        : `This person has the permission ${permission}, which you do not have. A link would let you act as the person. Ask an owner to make it.`,
    extensions: { permission: permission ?? 'members.write' },
  })
}
