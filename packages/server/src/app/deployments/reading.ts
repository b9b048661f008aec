import type { DeploymentRow, DeploymentState } from '../../store/port/deployments.ts'
import type { Page, PageRequest } from '../../store/port/pages/paging.ts'
import type { ProbeRow } from '../../store/port/probes.ts'
import type { OperationContext } from '../access/context.ts'
import { requireKnown } from '../access/known-filters.ts'
import { visibleScopes } from '../access/permission-checks.ts'
import { permittedDeployment, withReadableSource } from '../access/permitted-deployment.ts'

export interface GetDeploymentInput {
  readonly organization: string
  /** A deployment's id. */
  readonly deployment: string
}
export interface ProbedDeploymentRow {
  readonly deployment: DeploymentRow
  /** The responses to an anonymous caller when the deployment went live; null if it was not probed. */
  readonly probe: ProbeRow | null
}

/** Returns one deployment, live or ended, also of a removed pipeline. */
export async function getDeployment(
  context: OperationContext,
  { organization, deployment: id }: GetDeploymentInput,
): Promise<ProbedDeploymentRow> {
  const { deployments, probes } = context.store.read
  const deployment = await permittedDeployment(context, deployments, organization, id, 'pipelines.read')
  return {
    deployment: withReadableSource(context, deployment),
    probe: (await probes.get(organization, id)) ?? null,
  }
}

export interface ListDeploymentsInput extends PageRequest {
  readonly organization: string
  readonly environment?: string | undefined
  readonly pipeline?: string | undefined
  /** Default: `live`. */
  readonly state?: DeploymentState | undefined
}

/** Lists the deployments that the actor may read, oldest first. */
export async function listDeployments(
  context: OperationContext,
  input: ListDeploymentsInput,
): Promise<Page<DeploymentRow>> {
  const { organization, environment, pipeline, state = 'live' } = input
  const visible = visibleScopes(context, organization, 'pipelines.read', [
    'environment',
    'project',
    'pipeline',
  ])
  const { items, next } = await context.store.read.deployments.list(
    organization,
    { ...input, visible },
    {
      state,
      ...(environment === undefined ? {} : { environment }),
      ...(pipeline === undefined ? {} : { pipeline }),
    },
  )
  if (items.length === 0)
    await requireKnown(context, organization, 'pipelines.read', { environment, pipeline })
  return { items: items.map((row) => withReadableSource(context, row)), next }
}
