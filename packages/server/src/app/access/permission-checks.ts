import type { Grant, Permission, Target } from '@sallyport/core'
import { permits, Problem, TARGET_FIELDS } from '@sallyport/core'
import type { Actor } from './actor.ts'

interface Acting {
  readonly actor: Pick<Actor, 'grantsIn' | 'isPublic' | 'record'>
}

const NO_GRANTS: readonly Grant[] = []

/** A resource that does not exist, or that the actor may not know about: both get the same answer. */
export function notFound(resource: string): Problem {
  return new Problem('not_found', {
    detail: `There is no ${resource}. Check the name or id. A resource that you may not see gets the same answer as one that does not exist.`,
  })
}

/**
 * The refusal of an actor that may know about the resource, or whose request concerns no single resource.
 *
 * @param organization where the actor lacks the permission; left out if the request is about none
 * @param target for what it lacks it
 */
export function permissionMissing(
  { actor }: { readonly actor: Pick<Actor, 'grantsIn' | 'isPublic'> },
  permission: Permission,
  organization?: string,
  target: Target = {},
): Problem {
  const grants = organization === undefined ? NO_GRANTS : (actor.grantsIn(organization) ?? NO_GRANTS)
  const ask = 'Ask an administrator of the organization for a role that includes it'
  const detail =
    actor.isPublic === true
      ? 'A public key can call GET /v1/whoami and nothing else here. Use a secret key.'
      : grants.some((grant) => grant.permission === permission)
        ? partlyMissing(permission, target, ask)
        : `This needs the permission ${permission}. ${ask}.`
  return new Problem('permission_missing', { detail, extensions: { permission } })
}

/** The refusal of an actor that has the permission for something else. */
function partlyMissing(permission: Permission, target: Target, ask: string): string {
  const scope = TARGET_FIELDS.flatMap((field) =>
    target[field] === undefined ? [] : [`the ${field} "${target[field]}"`],
  )
  return scope.length === 0
    ? `You have the permission ${permission} only for a part of the organization. Name a part that it covers, such as an environment. ${ask} everywhere.`
    : `You have the permission ${permission}, but not for ${scope.join(', ')}. ${ask} there.`
}

/** Whether the actor may do this to the target in the organization. */
export function isPermitted(
  { actor }: Acting,
  organization: string,
  permission: Permission,
  target: Target,
): boolean {
  if (!permits(actor.grantsIn(organization) ?? NO_GRANTS, permission, target)) return false
  actor.record?.({ kind: 'permission', organization, permission, target })
  return true
}

/**
 * Requires that the actor belongs to the organization.
 *
 * @throws Problem `not_found`: an organization looks nonexistent to everyone outside it
 */
export function requireMembership({ actor }: Acting, organization: string): void {
  if (actor.grantsIn(organization) === undefined) throw notFound(`organization "${organization}"`)
}

/**
 * Requires a permission for a resource that does not exist yet, or for the organization itself.
 *
 * @throws Problem `not_found` outside the organization, `permission_missing` inside it
 */
export function requirePermission(
  context: Acting,
  organization: string,
  permission: Permission,
  target: Target = {},
): void {
  requireMembership(context, organization)
  if (!isPermitted(context, organization, permission, target)) {
    throw permissionMissing(context, permission, organization, target)
  }
}

/** An existing resource: its name in a refusal, its location, and the permissions that reveal it. */
export interface Resource {
  readonly organization: string
  /** Names the resource in a sentence, such as `key "key_4fT0Qm2ZrX9bLk7A"`. */
  readonly name: string
  /** An actor with one of them may know about the resource. */
  readonly read: readonly Permission[]
  readonly target: Target
}

/**
 * Requires a permission on one resource.
 *
 * @throws Problem `not_found` if the actor may not know about the resource, `permission_missing` if it may
 */
export function requireOn(context: Acting, permission: Permission, resource: Resource): void {
  const { organization, name, read, target } = resource
  if (isPermitted(context, organization, permission, target)) return
  const isRevealed = read.some((one) => isPermitted(context, organization, one, target))
  throw isRevealed ? permissionMissing(context, permission, organization, target) : notFound(name)
}

/**
 * Reads one resource and requires a permission on it.
 *
 * @param resource its name in a sentence, the permissions that reveal it, and where a row of it stands
 * @param find reads the row; undefined if there is none
 * @throws Problem `not_found`, `permission_missing`
 */
export async function permittedResource<Row>(
  context: Acting,
  permission: Permission,
  resource: Omit<Resource, 'target'> & { readonly targetOf: (row: Row) => Target },
  find: () => Promise<Row | undefined>,
): Promise<Row> {
  const { organization, name, read, targetOf } = resource
  requireMembership(context, organization)
  const row = await find()
  if (row === undefined) throw notFound(name)
  requireOn(context, permission, { organization, name, read, target: targetOf(row) })
  return row
}

/**
 * The scopes that a list shows to this actor: those of its grants of the permission, as far as the listed resources
 * have them. The store filters by them, so that a page and its cursor reveal nothing about other resources.
 *
 * @param listed the scopes that the listed resources have
 * @returns undefined if the actor may see every resource
 * @throws Problem `permission_missing` if no resource could ever be listed
 */
export function visibleScopes(
  { actor }: Acting,
  organization: string,
  permission: Permission,
  listed: readonly (keyof Target)[],
): readonly Target[] | undefined {
  requireMembership({ actor }, organization)
  const scopes = scopesOf({ actor }, organization, permission, listed)
  if (scopes?.length === 0) throw permissionMissing({ actor }, permission, organization)
  return scopes
}

/** Like `visibleScopes`, for a list within another answer: it is empty for an actor that may see no resource. */
export function scopesOf(
  { actor }: Acting,
  organization: string,
  permission: Permission,
  listed: readonly (keyof Target)[],
): readonly Target[] | undefined {
  const scopes = (actor.grantsIn(organization) ?? NO_GRANTS)
    .filter((grant) => grant.permission === permission)
    .map(({ permission: _permission, ...scope }): Target => scope)
    .filter((scope) => TARGET_FIELDS.every((field) => scope[field] === undefined || listed.includes(field)))
  return scopes.some((scope) => TARGET_FIELDS.every((field) => scope[field] === undefined))
    ? undefined
    : scopes
}
