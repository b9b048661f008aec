import type { DeploymentRow, DeploymentState } from '../../store/port/deployments.ts'
import type { Page, PageRequest } from '../../store/port/paging.ts'
import { requireSomewhere, visiblePage } from '../access/permission-checks.ts'
import type { OperationContext } from '../access/context.ts'
import { requestedPage } from '../paging.ts'

export interface ListDeploymentsInput extends PageRequest {
  readonly organization: string
  readonly environment?: string | undefined
  readonly pipeline?: string | undefined
  /** `live` unless said. */
  readonly state?: DeploymentState | undefined
}

/** The deployments that the actor may know of, oldest first. */
export async function listDeployments(
  context: OperationContext,
  input: ListDeploymentsInput,
): Promise<Page<DeploymentRow>> {
  const { organization, environment, pipeline, state = 'live' } = input
  requireSomewhere(context, organization, 'pipelines.read', ['environment', 'project', 'pipeline'])
  const page = await context.store.read.deployments.list(organization, requestedPage(input), {
    state,
    ...(environment === undefined ? {} : { environment }),
    ...(pipeline === undefined ? {} : { pipeline }),
  })
  return visiblePage(context, 'pipelines.read', page, (row) => ({
    environment: row.environment,
    project: row.project,
    pipeline: row.pipeline,
  }))
}
