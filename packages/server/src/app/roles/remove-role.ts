import type { Writer } from '../../store/port/store.ts'
import type { OperationContext } from '../access/context.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import { conflict } from '../refusals.ts'
import { auditedRole, permittedRole, visibleHolders } from './role-facts.ts'

/** The most keys that a refusal lists. */
const USED_BY_MAX = 50

export interface RemoveRoleInput {
  readonly organization: string
  /** A role's name. */
  readonly role: string
}
export interface RemovedRole {
  readonly revision: number
}

/**
 * Removes a custom role that nobody has, not even an inactive or expired key, and that no open invitation gives.
 *
 * @throws Problem `conflict` for a built-in role, and while keys have the role; `usedBy` lists those that the actor may
 *   read
 */
export async function removeRole(
  context: OperationContext,
  { organization, role: name }: RemoveRoleInput,
): Promise<RemovedRole> {
  const { revision } = await context.store.write(async (tx) => {
    const row = await permittedRole(context, tx.roles, organization, name, 'roles.write')
    if (row === 'built-in') throw conflict(`The role "${name}" is built in and cannot be removed.`)
    await requireUnused(context, tx, organization, name)
    await tx.roles.remove(organization, name)
    tx.audit(auditEntry(context, organization, 'roles.remove', `role/${name}`, { before: auditedRole(row) }))
  })
  return { revision }
}

async function requireUnused(
  context: OperationContext,
  { roles, invitations }: Writer,
  organization: string,
  name: string,
): Promise<void> {
  if ((await roles.countHolders(organization, name)) === 0) {
    const open = await invitations.allOpen(organization, context.nowMs())
    if (!open.some((invitation) => invitation.roles.includes(name))) return
    // A later role of the same name would give what nobody meant.
    throw conflict(`An open invitation gives the role "${name}". First withdraw the invitation.`)
  }
  const { holders: usedBy } = await visibleHolders(context, roles, organization, name, USED_BY_MAX)
  const ids = usedBy.map(({ id }) => id).join(', ')
  throw conflict(
    `The role "${name}" is in use${ids === '' ? '' : ` by ${ids}`}. First give these keys other roles, or delete them.`,
    { usedBy },
  )
}
