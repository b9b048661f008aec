import type { Grant, Permission } from '@sallyport/core'
import {
  BUILT_IN_ROLES,
  covers,
  grantsOfRoles,
  isRole,
  narrowToEnvironment,
  NO_CUSTOM_ROLES,
  Problem,
  ROLES_PER_KEY_MAX,
} from '@sallyport/core'
import type { FieldError } from '../refusals.ts'
import type { OperationContext } from './context.ts'
import { boundsExceeded, excessOf, type CredentialBounds } from './credential-bounds.ts'

const ROLES = Object.keys(BUILT_IN_ROLES).join(', ')

/** What the grants of a key follow from. */
interface RoleHolder {
  readonly organization: string
  readonly roles: readonly string[]
  readonly environment: string | null
}

/** The grants of a key, narrowed to its environment. */
export function grantsOfKey({ roles, environment }: Omit<RoleHolder, 'organization'>): readonly Grant[] {
  const grants = grantsOfRoles(roles, NO_CUSTOM_ROLES)
  return environment === null ? grants : narrowToEnvironment(grants, environment)
}

/** Problems of a list of roles: too many, unknown, or repeated. */
export function roleErrors(path: string, roles: readonly string[]): FieldError[] {
  if (roles.length > ROLES_PER_KEY_MAX) {
    return [{ path, message: `A key has at most ${ROLES_PER_KEY_MAX} roles.` }]
  }
  return roles.flatMap((role, index) => {
    if (!isRole(role, NO_CUSTOM_ROLES)) {
      return [{ path: `${path}/${index}`, message: `There is no role "${role}". The roles are ${ROLES}.` }]
    }
    return roles.indexOf(role) < index
      ? [{ path: `${path}/${index}`, message: `The role "${role}" is listed twice.` }]
      : []
  })
}

/**
 * Requires that the actor holds every grant that it gives to a key by creating, changing or activating it.
 *
 * @throws Problem `permission_missing` naming the first grant that the actor lacks
 */
export function requireCovered({ actor }: Pick<OperationContext, 'actor'>, key: RoleHolder): void {
  const { organization } = key
  const held = actor.grantsIn(organization) ?? []
  const grants = grantsOfKey(key)
  const lacking = grants.find((grant) => !covers(held, [grant]))
  if (lacking === undefined) {
    actor.record?.({ kind: 'grants', organization, grants })
    return
  }
  const { permission } = lacking
  throw new Problem('permission_missing', {
    detail: `The roles ${key.roles.join(', ')} include ${permission}, which you do not have here. You can only give permissions that you have yourself.`,
    extensions: { permission },
  })
}

/**
 * Requires that a credential which the actor creates, or whose life it extends, ends no later than the actor's own, and
 * works from no more addresses and under no looser limits.
 *
 * @param permission the permission of the operation, for the refusal
 * @throws Problem `permission_missing`
 */
export function requireWithinBounds(
  { actor }: Pick<OperationContext, 'actor'>,
  permission: Permission,
  { expiresAtMs, addressRules, rateLimits }: CredentialBounds,
): void {
  const bounds = { expiresAtMs, addressRules, rateLimits }
  const excess = actor.bounds === undefined ? [] : excessOf(actor.bounds, bounds)
  if (excess.length > 0) throw boundsExceeded(permission, excess)
  actor.record?.({ kind: 'bounds', permission, bounds })
}
