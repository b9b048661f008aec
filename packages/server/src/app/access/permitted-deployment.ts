import type { Permission } from '@sallyport/core'
import type { DeploymentReader, DeploymentRow } from '../../store/port/deployments.ts'
import { notFound, requireMembership, requireOn } from './permission-checks.ts'
import type { OperationContext } from './context.ts'

/**
 * Returns the deployment, live or ended, if the actor has the permission on it.
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
  requireMembership(context, organization)
  const thing = `deployment "${id}"`
  const row = await deployments.get(organization, id)
  if (row === undefined) throw notFound(thing)
  const { environment, project, pipeline } = row
  requireOn(context, permission, {
    thing,
    read: 'pipelines.read',
    target: { environment, project, pipeline },
  })
  return row
}
