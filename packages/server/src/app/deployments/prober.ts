import type { DeploymentRow } from '../../store/port/deployments.ts'
import type { ProbeResult } from '../../store/port/probes.ts'

/** The deployment to probe, with its routes. */
export type ProbedDeployment = Pick<DeploymentRow, 'organization' | 'environment' | 'id' | 'spec'>

/** Sends anonymous requests to the routes of a deployment. */
export interface Prober {
  /**
   * @param revision of the first snapshot that contains the deployment
   * @throws if the snapshot is older, or the deployment has ended since
   */
  probe(deployment: ProbedDeployment, revision: number): Promise<readonly ProbeResult[]>
}
