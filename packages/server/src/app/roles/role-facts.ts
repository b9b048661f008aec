import { BUILT_IN_ROLES, isBuiltInRole, type Grant, type Permission } from '@sallyport/core'
import type { HolderRow, RoleReader, RoleRow, VisibleHolders } from '../../store/port/roles.ts'
import type { OperationContext } from '../access/context.ts'
import { permittedResource, scopesOf } from '../access/permission-checks.ts'

/** A custom role, or a built-in one, which has no creator. */
export interface RoleFacts {
  readonly name: string
  readonly builtIn: boolean
  readonly permissions: readonly Grant[]
  readonly createdAtMs: number | null
  readonly createdBy: string | null
  readonly updatedAtMs: number | null
  readonly updatedBy: string | null
}

export function customRole({
  name,
  permissions,
  createdAtMs,
  createdBy,
  updatedAtMs,
  updatedBy,
}: RoleRow): RoleFacts {
  return { name, builtIn: false, permissions, createdAtMs, createdBy, updatedAtMs, updatedBy }
}

export function builtInRole(name: string): RoleFacts {
  const permissions = BUILT_IN_ROLES[name] ?? []
  const unknown = { createdAtMs: null, createdBy: null, updatedAtMs: null, updatedBy: null }
  return { name, builtIn: true, permissions, ...unknown }
}

/** The refusal of a permission that the actor lacks and would give to a role. */
export function notYours(permission: Permission): string {
  return `You do not have ${permission} here, or not in this scope. You can only give permissions that you have yourself.`
}

/** A role in the audit log. Its id tells it from an earlier role of the same name. */
export function auditedRole({ id, name, permissions }: RoleRow): Record<string, unknown> {
  return { id, name, permissions }
}

/**
 * The role with this name, if the actor has the permission on it. Built-in roles have no row.
 *
 * @throws Problem `not_found`, `permission_missing`
 */
export async function permittedRole(
  context: OperationContext,
  roles: RoleReader,
  organization: string,
  name: string,
  permission: Permission,
): Promise<RoleRow | 'built-in'> {
  return await permittedResource<RoleRow | 'built-in'>(
    context,
    permission,
    { organization, name: `role "${name}"`, read: ['roles.read'], targetOf: () => ({}) },
    async () => (isBuiltInRole(name) ? 'built-in' : await roles.get(organization, name)),
  )
}

/** The first holders of a role that the actor may read. */
export async function visibleHolders(
  context: OperationContext,
  roles: RoleReader,
  organization: string,
  name: string,
  limit: number,
): Promise<{ readonly holders: readonly HolderRow[]; readonly holderCount: number }> {
  const visible: VisibleHolders = {
    member: scopesOf(context, organization, 'members.read', []),
    key: scopesOf(context, organization, 'keys.read', ['environment']),
    'external-key': scopesOf(context, organization, 'external-keys.read', []),
  }
  const holders = await roles.holders(organization, name, limit, visible)
  return {
    holders,
    holderCount:
      holders.length < limit ? holders.length : await roles.countHolders(organization, name, visible),
  }
}
