import { type Permission, permits, type Target } from '@sallyport/core'
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
      targetOf: deploymentTarget,
    },
    async () => await deployments.get(organization, id),
  )
}

/**
 * The permission target of a deployment. After the removal of its pipeline it is only the environment, because a
 * reader of a new pipeline or project of the same name must not see the deployments of the old one.
 */
function deploymentTarget({ environment, project, pipeline, pipelineRemovedAtMs }: DeploymentRow): Target {
  return pipelineRemovedAtMs === null ? { environment, project, pipeline } : { environment }
}

/** The deployment, without the one that its version came from if the actor may not read that one. */
export function withReadableSource(
  { actor }: Pick<OperationContext, 'actor'>,
  row: DeploymentRow,
): DeploymentRow {
  if (row.from === null) return row
  const source = { ...deploymentTarget(row), environment: row.from.environment }
  const isReadable = permits(actor.grantsIn(row.organization) ?? [], 'pipelines.read', source)
  return isReadable ? row : { ...row, from: null }
}

/** Whether the actor may read a deployment. It is no check that the actor's own request depends on. */
export function readsDeployment(
  { actor }: Pick<OperationContext, 'actor'>,
  { organization, environment, project, pipeline }: Pick<DeploymentRow, DeploymentPlace>,
): boolean {
  return permits(actor.grantsIn(organization) ?? [], 'pipelines.read', { environment, project, pipeline })
}

type DeploymentPlace = 'organization' | 'environment' | 'project' | 'pipeline'

/**
 * Whether the actor sees a deployment of the project or pipeline, live or ended, in an environment that it may read. It
 * then knows both by name.
 */
export async function seesDeployment(
  { actor }: OperationContext,
  deployments: DeploymentReader,
  organization: string,
  of: { readonly project: string; readonly pipeline?: string },
): Promise<boolean> {
  const { project, pipeline } = of
  const visible = (actor.grantsIn(organization) ?? [])
    .filter(
      (grant) =>
        grant.permission === 'pipelines.read' &&
        (grant.project === undefined || grant.project === project) &&
        (grant.pipeline === undefined || pipeline === undefined || grant.pipeline === pipeline),
    )
    .map(({ permission: _permission, ...scope }): Target => ({ ...scope, ...of }))
  if (visible.length === 0) return false
  const page = await deployments.list(organization, { limit: 1, visible }, { state: 'all' })
  return page.items.length > 0
}
