import type { DeploymentRow } from '../../store/port/deployments.ts'
import type { ProbeResult } from '../../store/port/probes.ts'

/** Which deployment is probed, and at which routes. */
export type ProbedDeployment = Pick<DeploymentRow, 'organization' | 'environment' | 'id' | 'spec'>

/** Finds out what a stranger, who shows nothing, gets at the routes of a deployment. */
export interface Prober {
  /**
   * @param revision of the snapshot from which on the deployment is live
   * @throws where it cannot be found out: the snapshot is older, or the deployment is gone from it again
   */
  probe(deployment: ProbedDeployment, revision: number): Promise<readonly ProbeResult[]>
}
