import type { Permission } from '@sallyport/core'
import type { DeploymentReader, DeploymentRow } from '../../store/port/deployments.ts'
import type { OperationContext } from './context.ts'
import { permittedResource } from './permission-checks.ts'

/**
 * The deployment with this id, if the actor has the permission on it.
 *
 * @throws Problem `not_found`, `permission_missing`
 */
export async function permittedDeployment(
  context: OperationContext,
  deployments: DeploymentReader,
  organization: string,
  id: string,
  permission: Permission,
): Promise<DeploymentRow> {
  return await permittedResource(
    context,
    permission,
    {
      organization,
      name: `deployment "${id}"`,
      read: ['pipelines.read'],
      targetOf: ({ environment, project, pipeline }) => ({ environment, project, pipeline }),
    },
    async () => await deployments.get(organization, id),
  )
}
