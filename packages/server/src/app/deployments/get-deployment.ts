import type { DeploymentRow } from '../../store/port/deployments.ts'
import type { ProbeRow } from '../../store/port/probes.ts'
import type { OperationContext } from '../access/context.ts'
import { permittedDeployment } from '../access/permitted-deployment.ts'

export interface GetDeploymentInput {
  readonly organization: string
  /** A deployment's id. */
  readonly deployment: string
}
export interface KnownDeployment {
  readonly deployment: DeploymentRow
  /** How the routes responded to an anonymous caller when it went live; null when the probe failed. */
  readonly probe: ProbeRow | null
}

/** A deployment, live or ended. */
export async function getDeployment(
  context: OperationContext,
  { organization, deployment: id }: GetDeploymentInput,
): Promise<KnownDeployment> {
  const { deployments, probes } = context.store.read
  const deployment = await permittedDeployment(context, deployments, organization, id, 'pipelines.read')
  return { deployment, probe: (await probes.get(organization, id)) ?? null }
}
