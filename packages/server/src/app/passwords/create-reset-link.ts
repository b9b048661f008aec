import { isKeyId, lackingGrants, Problem } from '@sallyport/core'
import type { NamedMemberRow } from '../../store/port/people/members.ts'
import type { Writer } from '../../store/port/store.ts'
import type { OperationContext } from '../access/context.ts'
import { permittedResource } from '../access/permission-checks.ts'
import { requireWithinBounds } from '../access/roles.ts'
import { requireStepUp } from '../access/step-up.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import { notify } from '../notices/notify.ts'
import {
  insertResetTicket,
  rightsDigest,
  rightsOf,
  type OrganizationRights,
  type ResetLink,
} from './reset-ticket.ts'

const DAY_MS = 24 * 3_600_000

/** A link gives what the person may do, without an end, from every address. */
const UNBOUND = { expiresAtMs: null, addressRules: [], rateLimits: [] } as const

export interface CreateResetLinkInput {
  readonly organization: string
  /** The id of the person. */
  readonly member: string
}

/**
 * Creates a link with which a member sets a new password, for the actor to hand over. It replaces earlier links.
 *
 * The link lets its bearer act as the person, so the actor must have every right that the person has, in every
 * organization of the person. It ends when these rights change: otherwise an actor could keep it until the person may do
 * more.
 *
 * @throws Problem `not_found`, `permission_missing`, `step_up_required`
 */
export async function createResetLink(
  context: OperationContext,
  { organization, member: id }: CreateResetLinkInput,
): Promise<ResetLink> {
  const { value } = await context.store.write(async (tx) => {
    const member = await permittedResource(
      context,
      'members.write',
      { organization, name: `member "${id}"`, read: ['members.read'], targetOf: () => ({}) },
      async () => await tx.members.get(organization, id),
    )
    const rights = await rightsOf(tx, id)
    await requireAllRights(tx, context, rights)
    requireWithinBounds(context, 'members.write', UNBOUND)
    requireStepUp(context)
    await tx.tickets.removeOfPerson(id, 'password-reset')
    const link = await insertResetTicket(tx, context, {
      person: id,
      validMs: DAY_MS,
      rights: rightsDigest(rights),
    })
    tx.audit(
      auditEntry(context, organization, 'members.create-reset-link', `member/${id}`, {
        after: { expiresAtMs: link.expiresAtMs },
      }),
    )
    return { member, link, by: await nameOfActor(tx, context, organization) }
  })
  tell(context, value)
  return value.link
}

function tell(
  context: OperationContext,
  { member, by }: { readonly member: NamedMemberRow; readonly by: string },
): void {
  notify(context, member.email, { about: 'reset-link-made', by })
}

async function requireAllRights(
  tx: Writer,
  { actor }: OperationContext,
  rights: readonly OrganizationRights[],
): Promise<void> {
  // In a request about one organization, a person has grants only there.
  const own = actor.kind === 'member' ? await rightsOf(tx, actor.id) : []
  for (const { organization, grants } of rights) {
    const held = actor.grantsIn(organization) ?? own.find((one) => one.organization === organization)?.grants
    const [lacking] = lackingGrants(held ?? [], grants)
    if (lacking === undefined && held !== undefined) continue
    throw new Problem('permission_missing', {
      detail:
        held === undefined
          ? 'This person also belongs to organizations that you do not belong to, and a link would let you act there. The person can ask for a mail, or be removed there first.'
          : `This person may do what you may not: ${lacking?.permission ?? ''}. A link would let you act as the person. Ask an owner to make it.`,
      extensions: { permission: lacking?.permission ?? 'members.write' },
    })
  }
}

/** The name of the person or key that acts; only the id for a key of another organization. */
async function nameOfActor(tx: Writer, { actor }: OperationContext, organization: string): Promise<string> {
  if (actor.kind === 'member') return (await tx.people.get(actor.id))?.name ?? actor.id
  return (isKeyId(actor.id) ? await tx.keys.get(organization, actor.id) : undefined)?.name ?? actor.id
}
