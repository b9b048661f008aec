import { BUILT_IN_ROLES, permits, type Grant, type Permission, type Target } from './permissions.ts'

/** The roles that an organization defined itself, by name. */
export type CustomRoles = ReadonlyMap<string, readonly Grant[]>

export const NO_CUSTOM_ROLES: CustomRoles = new Map()

/** Whether every organization has this role, so that none can define it. */
export function isBuiltInRole(role: string): boolean {
  return Object.hasOwn(BUILT_IN_ROLES, role)
}

/** The grants of one role, or undefined for an unknown name. A built-in role cannot be redefined. */
function grantsOfRole(role: string, custom: CustomRoles): readonly Grant[] | undefined {
  return isBuiltInRole(role) ? BUILT_IN_ROLES[role] : custom.get(role)
}

/** Whether a role exists in the organization that has these custom roles. */
export function isRole(role: string, custom: CustomRoles): boolean {
  return grantsOfRole(role, custom) !== undefined
}

/** The grants of all the roles together. An unknown role grants nothing. */
export function grantsOfRoles(roles: readonly string[], custom: CustomRoles): readonly Grant[] {
  return roles.flatMap((role) => grantsOfRole(role, custom) ?? [])
}

/** Whether one of the roles permits the action on the target, without building the list of grants. */
export function rolesPermit(
  roles: readonly string[],
  custom: CustomRoles,
  permission: Permission,
  target: Target,
): boolean {
  for (const role of roles) {
    const grants = grantsOfRole(role, custom)
    if (grants !== undefined && permits(grants, permission, target)) return true
  }
  return false
}
