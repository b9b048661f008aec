import { type Grant, grantsOfRoles, widestGrants } from '@sallyport/core'
import type { OperationContext } from '../access/context.ts'
import { requirePermission } from '../access/permission-checks.ts'
import { customRolesAmong, roleErrors } from '../access/roles.ts'
import { requireNone } from '../refusals.ts'

export interface PreviewRolesInput {
  readonly organization: string
  /** The names of custom and built-in roles. */
  readonly roles: readonly string[]
}

/**
 * Returns what a key with these roles may do: each permission once, without those that a wider one includes.
 *
 * @throws Problem `invalid_request` for a role that does not exist
 */
export async function previewRoles(
  context: OperationContext,
  { organization, roles }: PreviewRolesInput,
): Promise<readonly Grant[]> {
  requirePermission(context, organization, 'roles.read')
  const custom = await customRolesAmong(context.store.read.roles, { organization, roles })
  requireNone(roleErrors('/roles', roles, custom))
  return widestGrants(grantsOfRoles(roles, custom))
}
