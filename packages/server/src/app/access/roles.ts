import type { CustomRoles, Grant, Permission } from '@sallyport/core'
import {
  BUILT_IN_ROLES,
  grantsOfRoles,
  isBuiltInRole,
  isRole,
  lackingGrants,
  narrowToEnvironment,
  NO_CUSTOM_ROLES,
  Problem,
  ROLES_PER_KEY_MAX,
} from '@sallyport/core'
import type { RoleReader } from '../../store/port/roles.ts'
import type { FieldError } from '../refusals.ts'
import type { OperationContext } from './context.ts'
import { boundsExceeded, excessOf, type CredentialBounds } from './credential-bounds.ts'
import { requireStepUp } from './step-up.ts'

const EXISTING = `The built-in roles are ${Object.keys(BUILT_IN_ROLES).join(', ')}. GET /roles lists custom ones too.`

/** What the grants of a key follow from. */
interface RoleHolder {
  readonly organization: string
  readonly roles: readonly string[]
  readonly environment: string | null
}

/** The custom roles among these roles, as they are now. Built-in roles need no reading. */
export async function customRolesAmong(
  reader: Pick<RoleReader, 'named'>,
  holder: Omit<RoleHolder, 'environment'>,
): Promise<CustomRoles> {
  const custom = await customRolesOfEach(reader, [holder])
  return custom.get(holder.organization) ?? NO_CUSTOM_ROLES
}

/**
 * The custom roles of each organization among the roles of these holders, by organization. One query reads all.
 *
 * @returns can also have roles that only a holder of another organization has
 */
export async function customRolesOfEach(
  reader: Pick<RoleReader, 'named'>,
  holders: readonly Omit<RoleHolder, 'environment'>[],
): Promise<ReadonlyMap<string, CustomRoles>> {
  const custom = holders
    .map(({ organization, roles }) => ({ organization, names: roles.filter((role) => !isBuiltInRole(role)) }))
    .filter(({ names }) => names.length > 0)
  if (custom.length === 0) return new Map()
  const rows = await reader.named(
    custom.map(({ organization }) => organization),
    [...new Set(custom.flatMap(({ names }) => names))],
  )
  return new Map(
    custom.map(({ organization }) => {
      const own = rows.filter((row) => row.organization === organization)
      return [organization, new Map(own.map(({ name, permissions }) => [name, permissions]))]
    }),
  )
}

/** The grants of a key, narrowed to its environment. */
export function grantsOfKey(
  { roles, environment }: Omit<RoleHolder, 'organization'>,
  custom: CustomRoles,
): readonly Grant[] {
  const grants = grantsOfRoles(roles, custom)
  return environment === null ? grants : narrowToEnvironment(grants, environment)
}

/** Problems of a list of roles: too many, unknown, or repeated. */
export function roleErrors(path: string, roles: readonly string[], custom: CustomRoles): FieldError[] {
  if (roles.length > ROLES_PER_KEY_MAX) {
    return [{ path, message: `There can be at most ${ROLES_PER_KEY_MAX} roles.` }]
  }
  return roles.flatMap((role, index) => {
    if (!isRole(role, custom)) {
      return [{ path: `${path}/${index}`, message: `There is no role "${role}". ${EXISTING}` }]
    }
    return roles.indexOf(role) < index
      ? [{ path: `${path}/${index}`, message: `The role "${role}" is listed twice.` }]
      : []
  })
}

/**
 * Requires that the actor holds every grant that it gives to a key by creating, changing or activating it.
 *
 * @param custom the custom roles of the key
 * @throws Problem `permission_missing` naming the first grant that the actor lacks; `step_up_required`
 */
export function requireCovered(
  context: Pick<OperationContext, 'actor' | 'nowMs'>,
  key: RoleHolder,
  custom: CustomRoles,
): void {
  const names = key.roles.join(', ')
  const include = key.roles.length === 1 ? `The role ${names} includes` : `The roles ${names} include`
  requireGrants(
    context,
    key.organization,
    grantsOfKey(key, custom),
    (permission) =>
      `${include} ${permission}, which you do not have here. You can only give or take away permissions that you have yourself.`,
  )
}

/** With one of these, a key or another person can do what a person must confirm. */
const CONFIRMED_GRANTS: ReadonlySet<Permission> = new Set<Permission>([
  'members.write',
  'signing-keys.write',
  'keys.write',
  'keys.roll',
  'keys.delete',
])

/**
 * Requires that the actor holds every grant that it gives. A person must confirm who they are before they give what would
 * let somebody else act without that: an open browser must not be enough to make a key that needs no confirmation.
 *
 * @param detailOf the sentence of the refusal, from the permission that the actor lacks
 * @throws Problem `permission_missing` naming the first grant that the actor lacks; `step_up_required`
 */
export function requireGrants(
  { actor, nowMs }: Pick<OperationContext, 'actor' | 'nowMs'>,
  organization: string,
  grants: readonly Grant[],
  detailOf: (permission: Permission) => string,
): void {
  const held = actor.givesNothing === true ? [] : (actor.grantsIn(organization) ?? [])
  const [lacking] = lackingGrants(held, grants)
  if (lacking === undefined) {
    if (grants.some(({ permission }) => CONFIRMED_GRANTS.has(permission))) requireStepUp({ actor, nowMs })
    actor.record?.({ kind: 'grants', organization, grants })
    return
  }
  const { permission } = lacking
  throw new Problem('permission_missing', { detail: detailOf(permission), extensions: { permission } })
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
  if (excess.length > 0) throw boundsExceeded(actor, permission, excess)
  actor.record?.({ kind: 'bounds', permission, bounds })
}
