import type { Permission } from '@sallyport/core'
import type { EnvironmentReader, EnvironmentRow } from '../../store/port/environments.ts'
import type { OperationContext } from './context.ts'
import { permittedResource } from './permission-checks.ts'

/**
 * The environment with this name, if the actor has the permission on it.
 *
 * @param read the permission that lets the actor know about the environment
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
  return await permittedResource(
    context,
    permission,
    { organization, name: `environment "${name}"`, read, targetOf: () => ({ environment: name }) },
    async () => await environments.get(organization, name),
  )
}
