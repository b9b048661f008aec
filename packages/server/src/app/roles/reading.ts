import { BUILT_IN_ROLES, isBuiltInRole } from '@sallyport/core'
import type { HolderRow } from '../../store/port/roles.ts'
import type { Page, PageRequest } from '../../store/port/pages/paging.ts'
import type { OperationContext } from '../access/context.ts'
import { requirePermission } from '../access/permission-checks.ts'
import { builtInRole, customRole, permittedRole, visibleHolders, type RoleFacts } from './role-facts.ts'

/** The most holders that one role names. */
const HOLDERS_MAX = 100

export interface GetRoleInput {
  readonly organization: string
  /** A role's name. */
  readonly role: string
}
export interface RoleWithHolders extends RoleFacts {
  /** The first who have it, of those that the actor may read. */
  readonly holders: readonly HolderRow[]
  /** How many that the actor may read have it. */
  readonly holderCount: number
}

/** Returns one role, custom or built-in, with those who have it. */
export async function getRole(
  context: OperationContext,
  { organization, role: name }: GetRoleInput,
): Promise<RoleWithHolders> {
  const { roles } = context.store.read
  const role = await permittedRole(context, roles, organization, name, 'roles.read')
  const facts = role === 'built-in' ? builtInRole(name) : customRole(role)
  return { ...facts, ...(await visibleHolders(context, roles, organization, name, HOLDERS_MAX)) }
}

export interface ListRolesInput extends PageRequest {
  readonly organization: string
}

/**
 * Lists the built-in roles, then the custom ones, each by name. An organization has few, so they are read at once; the
 * cursor is the name of the last role.
 */
export async function listRoles(
  context: OperationContext,
  { organization, limit, cursor }: ListRolesInput,
): Promise<Page<RoleFacts>> {
  requirePermission(context, organization, 'roles.read')
  const builtIn = Object.keys(BUILT_IN_ROLES).toSorted().map(builtInRole)
  const custom = (await context.store.read.roles.all(organization)).map(customRole)
  const rest = [...builtIn, ...custom].filter((role) => cursor === undefined || isAfter(role, cursor))
  const items = rest.slice(0, limit)
  return { items, next: rest.length > limit ? (items.at(-1)?.name ?? null) : null }
}

/** Whether a role stands after the one with this name, which may be removed by now. */
function isAfter({ name, builtIn }: RoleFacts, cursor: string): boolean {
  return builtIn === isBuiltInRole(cursor) ? name > cursor : !builtIn
}
