import type { Grant } from '@sallyport/core'
import { BUILT_IN_ROLES, covers, narrowToEnvironment, Problem, ROLES_PER_KEY_MAX } from '@sallyport/core'
import type { Actor } from './context.ts'
import type { FieldError } from '../refusals.ts'

/** What a key is given by its roles; narrowed to its environment where it has one. An unknown role gives nothing. */
export function grantsOf(key: {
  readonly roles: readonly string[]
  readonly environment: string | null
}): Grant[] {
  const grants = key.roles.flatMap((role) =>
    Object.hasOwn(BUILT_IN_ROLES, role) ? (BUILT_IN_ROLES[role] ?? []) : [],
  )
  return key.environment === null ? grants : [...narrowToEnvironment(grants, key.environment)]
}

/** What is wrong with a list of roles. */
export function roleErrors(path: string, roles: readonly string[]): FieldError[] {
  if (roles.length > ROLES_PER_KEY_MAX) {
    return [{ path, message: `A key has at most ${ROLES_PER_KEY_MAX} roles.` }]
  }
  return roles.flatMap((role, index) => {
    if (!Object.hasOwn(BUILT_IN_ROLES, role)) {
      return [{ path: `${path}/${index}`, message: `There is no role "${role}".` }]
    }
    return roles.indexOf(role) < index
      ? [{ path: `${path}/${index}`, message: `"${role}" is there twice.` }]
      : []
  })
}

/**
 * Nobody can give what they do not have: whatever a key is permitted must be permitted to whoever makes it, changes
 * it or switches it on.
 *
 * @throws Problem `permission_missing` naming the first permission that the actor lacks
 */
export function requireCovered(
  actor: Actor,
  key: { readonly roles: readonly string[]; readonly environment: string | null },
): void {
  for (const grant of grantsOf(key)) {
    if (!covers(actor.grants, [grant])) {
      throw new Problem('permission_missing', {
        detail: `The roles ${key.roles.join(', ')} permit ${grant.permission}, which you lack here: nobody can give what they do not have.`,
        extensions: { permission: grant.permission },
      })
    }
  }
}
