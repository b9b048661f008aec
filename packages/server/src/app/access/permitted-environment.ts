import type { Permission } from '@sallyport/core'
import type { EnvironmentReader, EnvironmentRow } from '../../store/port/environments.ts'
import { notFound, requireMembership, requireOn } from './permission-checks.ts'
import type { OperationContext } from './context.ts'

/**
 * Returns the environment if the actor has the permission on it.
 *
 * @param read the permission to know that the requested resource exists
 * @throws Problem `not_found`, `permission_missing`
 */
export async function permittedEnvironment(
  context: OperationContext,
  environments: EnvironmentReader,
  organization: string,
  name: string,
  permission: Permission,
  read: Permission = 'organization.read',
): Promise<EnvironmentRow> {
  requireMembership(context, organization)
  const thing = `environment "${name}"`
  const row = await environments.get(organization, name)
  if (row === undefined) throw notFound(thing)
  requireOn(context, permission, { thing, read, target: { environment: name } })
  return row
}
