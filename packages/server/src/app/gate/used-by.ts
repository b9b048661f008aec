import { versionText } from '@sallyport/core'
import type { DeploymentRow } from '../../store/port/deployments.ts'
import type { OperationContext } from '../access/context.ts'
import { isPermitted } from '../access/permission-checks.ts'

/** The most deployments that a refusal lists. */
const USED_BY_MAX = 50

/** Live deployments that keep something from being changed, as far as the actor may read them. */
export interface UsedBy {
  /** For the `usedBy` of a problem. */
  readonly usedBy: readonly {
    readonly pipeline: string
    readonly version: string
    readonly deploymentId: string
  }[]
  /** `: orders 1.0, invoices 2.1`, or nothing if the actor may read none of them. */
  readonly listed: string
}

export function usedByDeployments(context: OperationContext, using: readonly DeploymentRow[]): UsedBy {
  const usedBy = using
    .filter(({ organization, environment, project, pipeline }) =>
      isPermitted(context, organization, 'pipelines.read', { environment, project, pipeline }),
    )
    .slice(0, USED_BY_MAX)
    .map((row) => ({ pipeline: row.pipeline, version: versionText(row), deploymentId: row.id }))
  const names = usedBy.map(({ pipeline, version }) => `${pipeline} ${version}`).join(', ')
  return { usedBy, listed: names === '' ? '' : `: ${names}` }
}
