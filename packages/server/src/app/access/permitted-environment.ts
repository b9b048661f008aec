import type { Permission } from '@sallyport/core'
import type { EnvironmentReader, EnvironmentRow } from '../../store/port/environments.ts'
import type { OperationContext } from './context.ts'
import { permittedResource } from './permission-checks.ts'

/** The permissions whose answers name environments, so that an actor with one of them knows the environment. */
export const ENVIRONMENT_READS = [
  'organization.read',
  'policies.read',
  'pipelines.read',
  'consumers.read',
  'keys.read',
  'secrets.read',
  'variables.read',
  'signing-keys.read',
] as const satisfies readonly Permission[]

/**
 * The environment with this name, if the actor has the permission on it.
 *
 * @throws Problem `not_found`, `permission_missing`
 */
export async function permittedEnvironment(
  context: OperationContext,
  environments: EnvironmentReader,
  organization: string,
  name: string,
  permission: Permission,
): Promise<EnvironmentRow> {
  return await permittedResource(
    context,
    permission,
    {
      organization,
      name: `environment "${name}"`,
      read: ENVIRONMENT_READS,
      targetOf: () => ({ environment: name }),
    },
    async () => await environments.get(organization, name),
  )
}
