import { type Grant, lackingGrants, Problem, type RolePermissions } from '@sallyport/core'
import type { Writer } from '../../store/port/store.ts'
import type { RoleRow } from '../../store/port/roles.ts'
import type { OperationContext } from '../access/context.ts'
import { NO_BOUNDS } from '../access/credential-bounds.ts'
import { requireGrants, requireWithinBounds } from '../access/roles.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import { conflict, requireNone } from '../refusals.ts'
import { auditedRole, customRole, notYours, permittedRole, type RoleFacts } from './role-facts.ts'
import { scopeErrors } from './role-scopes.ts'

export interface UpdateRoleInput {
  readonly organization: string
  /** A role's name. */
  readonly role: string
  /** The complete new list. */
  readonly permissions: RolePermissions
}
export interface UpdatedRole {
  readonly role: RoleFacts
  readonly revision: number
}

/**
 * Replaces the permissions of a custom role. Everything that has the role has the new permissions at once.
 *
 * @throws Problem `conflict` for a built-in role, `permission_missing` also for a permission that the role lacked and
 *   that the actor cannot give, `invalid_request` for a new scope that does not exist or that the actor may not know
 *   about
 */
export async function updateRole(
  context: OperationContext,
  { organization, role: name, permissions }: UpdateRoleInput,
): Promise<UpdatedRole> {
  const { value, revision } = await context.store.write(async (tx) => {
    const before = await permittedRole(context, tx.roles, organization, name, 'roles.write')
    if (before === 'built-in') {
      throw conflict(`The role "${name}" is built in and cannot be changed. Create a role of your own.`)
    }
    await requireGivable(context, tx, before, lackingGrants(before.permissions, permissions))
    requireNone(await scopeErrors(context, tx, organization, permissions, before.permissions))
    const after: RoleRow = {
      ...before,
      permissions,
      updatedAtMs: context.nowMs(),
      updatedBy: context.actor.id,
    }
    await tx.roles.update(after)
    tx.audit(
      auditEntry(context, organization, 'roles.update', `role/${name}`, {
        before: auditedRole(before),
        after: auditedRole(after),
      }),
    )
    return customRole(after)
  })
  return { role: value, revision }
}

/** Requires that the actor can give the added permissions to everything that has the role, and not to itself. */
async function requireGivable(
  context: OperationContext,
  tx: Writer,
  { organization, name }: RoleRow,
  added: readonly Grant[],
): Promise<void> {
  const [first] = added
  if (first === undefined) return
  if (context.actor.rolesIn(organization).includes(name)) {
    throw new Problem('permission_missing', {
      detail: `You have the role "${name}" yourself, so you cannot add ${first.permission} to it. Ask another administrator, who does not have this role.`,
      extensions: { permission: first.permission },
    })
  }
  requireGrants(context, organization, added, notYours)
  // The keys that have the role can have any bounds, as those that get it later.
  if ((await tx.roles.countHolders(organization, name)) > 0) {
    requireWithinBounds(context, 'roles.write', NO_BOUNDS)
  }
}
