import type { Grant, Permission, Target } from '@sallyport/core'
import { permits, Problem } from '@sallyport/core'
import type { Page } from '../../store/port/paging.ts'
import type { Actor, OperationContext, Scope } from './context.ts'

type Acting = Pick<OperationContext, 'actor'>

/** A thing that is not there, or that the actor may not know of: the two look the same. */
export function notFound(thing: string): Problem {
  return new Problem('not_found', {
    detail: `There is no ${thing}. Check the name or id; a thing that you may not see looks the same as one that does not exist.`,
  })
}

/** The refusal of an actor who may know of the thing, or who asks about no thing in particular. */
export function permissionMissing(permission: Permission): Problem {
  return new Problem('permission_missing', {
    detail: `This needs the permission ${permission}. Ask an administrator of the organization for a role that has it.`,
    extensions: { permission },
  })
}

/** Every organization but the actor's own looks as if it did not exist. */
export function requireMembership({ actor }: Acting, organization: string): void {
  if (actor.organization !== organization) throw notFound(`organization "${organization}"`)
}

/**
 * Demands a permission for something that is not there yet, or for the organization itself.
 *
 * @throws Problem `not_found` for another organization, `permission_missing` where only the permission lacks
 */
export function requirePermission(
  context: Acting,
  organization: string,
  permission: Permission,
  target: Target = {},
): void {
  requireMembership(context, organization)
  if (!permits(context.actor.grants, permission, target)) throw permissionMissing(permission)
}

/** How a thing is called in a refusal, where it is, and which permission lets one know of it. */
export interface Visible {
  readonly thing: string
  readonly read: Permission
  readonly target: Target
}

/**
 * Demands a permission on one thing. An actor who may neither do this nor read the thing is told that there is none.
 *
 * @throws Problem `not_found` where the actor may not know of the thing, `permission_missing` where it may
 */
export function requireOn({ actor }: Acting, permission: Permission, visible: Visible): void {
  if (permits(actor.grants, permission, visible.target)) return
  if (permission === visible.read || !permits(actor.grants, visible.read, visible.target)) {
    throw notFound(visible.thing)
  }
  throw permissionMissing(permission)
}

/**
 * Demands that a list can hold anything for this actor at all: a grant of the permission that is narrowed by nothing
 * but the scopes which the listed things have. Which of them it sees, `visiblePage` says.
 */
export function requireSomewhere(
  context: Acting,
  organization: string,
  permission: Permission,
  scopes: readonly Scope[],
): void {
  requireMembership(context, organization)
  const reachesSome = (grant: Grant): boolean =>
    grant.permission === permission &&
    (grant.environment === undefined || scopes.includes('environment')) &&
    (grant.project === undefined || scopes.includes('project')) &&
    (grant.pipeline === undefined || scopes.includes('pipeline'))
  if (!context.actor.grants.some(reachesSome)) throw permissionMissing(permission)
}

/** Leaves out of a page what the actor may not see. Such a page can be short, and still have a next one. */
export function visiblePage<T>(
  { actor }: { readonly actor: Actor },
  permission: Permission,
  page: Page<T>,
  targetOf: (item: T) => Target,
): Page<T> {
  return {
    items: page.items.filter((item) => permits(actor.grants, permission, targetOf(item))),
    next: page.next,
  }
}
