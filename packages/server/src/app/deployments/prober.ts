import type { DeploymentRow } from '../../store/port/deployments.ts'
import type { ProbeResult } from '../../store/port/probes.ts'

/** The deployment to probe, with its routes. */
export type ProbedDeployment = Pick<DeploymentRow, 'organization' | 'environment' | 'id' | 'spec'>

/** Determines how the routes of a deployment respond to an anonymous caller, who sends no credentials. */
export interface Prober {
  /**
   * @param revision the deployment's revision: the snapshot must have reached it
   * @throws when the snapshot is older, or the deployment is no longer live
   */
  probe(deployment: ProbedDeployment, revision: number): Promise<readonly ProbeResult[]>
}
