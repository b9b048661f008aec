import { versionText } from '@sallyport/core'
import type { DeploymentRow } from '../../store/port/deployments.ts'
import { notFound } from '../access/permission-checks.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import type { OperationContext } from '../access/context.ts'
import { permittedDeployment } from '../access/permitted-deployment.ts'

export interface UndeployInput {
  readonly organization: string
  /** A deployment's id. */
  readonly deployment: string
}
export interface Undeployed {
  readonly deployment: DeploymentRow
  readonly revision: number
}

/**
 * Removes a live deployment.
 *
 * @throws Problem `not_found` also for a deployment that has ended
 */
export async function undeploy(
  context: OperationContext,
  { organization, deployment: id }: UndeployInput,
): Promise<Undeployed> {
  const { value, revision } = await context.store.write(async (tx) => {
    const row = await permittedDeployment(context, tx.deployments, organization, id, 'pipelines.deploy')
    if (row.endedAtMs !== null) throw notFound(`live deployment "${id}"`)
    const { environment, pipeline } = row
    const end = { endedAtMs: context.nowMs(), endedBy: context.actor.id, replacedBy: null }
    await tx.deployments.end(organization, id, end)
    tx.audit(
      auditEntry(context, organization, 'pipelines.undeploy', `deployment/${id}`, {
        before: { id, pipeline, environment, version: versionText(row) },
      }),
    )
    return { ...row, ...end }
  })
  return { deployment: value, revision }
}
