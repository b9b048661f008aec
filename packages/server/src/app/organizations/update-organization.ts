import {
  type LeakReaction,
  type OrganizationColor,
  OWNER_MAIL_EVENTS,
  type OwnerMailEvent,
  type Title,
} from '@sallyport/core'
import type { OrganizationRow } from '../../store/port/organizations.ts'
import { notFound, requirePermission } from '../access/permission-checks.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import type { OperationContext } from '../access/context.ts'
import { mailChoiceNotice, notifyOfMailChoice } from './mail-choice-notice.ts'

export interface UpdateOrganizationInput {
  readonly organization: string
  readonly name?: Title | undefined
  /** Null for none. */
  readonly color?: OrganizationColor | null | undefined
  readonly onLeak?: LeakReaction | undefined
  readonly ownerMails?: readonly OwnerMailEvent[] | undefined
}
export interface UpdatedOrganization {
  readonly organization: OrganizationRow
  readonly revision: number
}

/** Updates the actor's organization; omitted fields keep their values, and its slug never changes. */
export async function updateOrganization(
  context: OperationContext,
  { organization, name, color, onLeak, ownerMails }: UpdateOrganizationInput,
): Promise<UpdatedOrganization> {
  const { value, revision } = await context.store.write(async (tx) => {
    requirePermission(context, organization, 'organization.write')
    const before = await tx.organizations.get(organization)
    if (before === undefined) throw notFound(`organization "${organization}"`)
    const after: OrganizationRow = {
      ...before,
      name: name ?? before.name,
      color: color === undefined ? before.color : color,
      onLeak: onLeak ?? before.onLeak,
      ownerMails:
        ownerMails === undefined
          ? before.ownerMails
          : OWNER_MAIL_EVENTS.filter((event) => ownerMails.includes(event)),
    }
    const told = await mailChoiceNotice(tx, context, before, after)
    if (after.name !== before.name) await tx.organizations.rename(organization, after.name)
    if (after.color !== before.color) await tx.organizations.setColor(organization, after.color)
    if (after.onLeak !== before.onLeak) await tx.organizations.setOnLeak(organization, after.onLeak)
    if (after.ownerMails !== before.ownerMails)
      await tx.organizations.setOwnerMails(organization, after.ownerMails)
    tx.audit(
      auditEntry(context, organization, 'organizations.update', `organization/${organization}`, {
        before: auditedOrganization(before),
        after: auditedOrganization(after),
      }),
    )
    return { organization: after, told }
  })
  notifyOfMailChoice(context, value.told)
  return { organization: value.organization, revision }
}

function auditedOrganization({ name, color, onLeak, ownerMails }: OrganizationRow) {
  return { name, color, onLeak, ownerMails }
}
