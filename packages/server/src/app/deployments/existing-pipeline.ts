import type { DeploymentRow } from '../../store/port/deployments.ts'
import { conflict } from '../refusals.ts'

/**
 * Requires that the pipeline of a deployment still exists. Another one that has its name now has other versions.
 *
 * @throws Problem `conflict`
 */
export function requireExistingPipeline({ pipelineRemovedAtMs }: DeploymentRow): void {
  if (pipelineRemovedAtMs === null) return
  throw conflict(
    'The pipeline of this deployment was removed, so its versions cannot go live again. Save the spec as a new pipeline and deploy that.',
  )
}
