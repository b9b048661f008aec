import {
  isBuiltInRole,
  type RoleName,
  type RolePermissions,
  ROLES_PER_ORGANIZATION_MAX,
} from '@sallyport/core'
import type { RoleRow } from '../../store/port/roles.ts'
import type { OperationContext } from '../access/context.ts'
import { requirePermission } from '../access/permission-checks.ts'
import { requireGrants } from '../access/roles.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import { newId } from '../new-id.ts'
import { conflict, requireNone } from '../refusals.ts'
import { auditedRole, customRole, notYours, type RoleFacts } from './role-facts.ts'
import { scopeErrors } from './role-scopes.ts'

export interface CreateRoleInput {
  readonly organization: string
  readonly name: RoleName
  readonly permissions: RolePermissions
}

/**
 * Creates a custom role.
 *
 * @throws Problem `permission_missing` also if the actor lacks one of the permissions, `conflict` for the name of a
 *   built-in or existing role and if the organization has `ROLES_PER_ORGANIZATION_MAX` roles, `invalid_request` for a
 *   scope that does not exist or that the actor may not know about
 */
export async function createRole(
  context: OperationContext,
  { organization, name, permissions }: CreateRoleInput,
): Promise<RoleFacts> {
  const { value } = await context.store.write(async (tx) => {
    requirePermission(context, organization, 'roles.write')
    requireGrants(context, organization, permissions, notYours)
    requireNone(await scopeErrors(context, tx, organization, permissions, []))
    if (isBuiltInRole(name)) throw conflict(`The role "${name}" is built in. Choose another name.`)
    const roles = await tx.roles.all(organization)
    if (roles.some((role) => role.name === name)) {
      throw conflict(`A role named "${name}" already exists. Change it, or choose another name.`)
    }
    if (roles.length >= ROLES_PER_ORGANIZATION_MAX) {
      throw conflict(
        `An organization has at most ${ROLES_PER_ORGANIZATION_MAX} custom roles. Remove an unused one.`,
      )
    }
    const nowMs = context.nowMs()
    const row: RoleRow = {
      organization,
      id: newId('rol', context.randomBytes),
      name,
      permissions,
      createdAtMs: nowMs,
      createdBy: context.actor.id,
      updatedAtMs: nowMs,
      updatedBy: context.actor.id,
    }
    await tx.roles.insert(row)
    tx.audit(auditEntry(context, organization, 'roles.create', `role/${name}`, { after: auditedRole(row) }))
    return customRole(row)
  })
  return value
}
