import type { DeploymentRow } from '../store/rows.ts'
import { notFound, requireMembership, requireOn } from './access.ts'
import { auditEntry } from './audit-entry.ts'
import type { OperationContext } from './context.ts'
import { versionText } from './versions.ts'

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
 * Takes a live deployment down.
 *
 * @throws Problem `not_found` also for one that is not live any more
 */
export async function undeploy(
  context: OperationContext,
  { organization, deployment: id }: UndeployInput,
): Promise<Undeployed> {
  requireMembership(context, organization)
  const { value, revision } = await context.store.write(async (tx) => {
    const thing = `live deployment "${id}"`
    const row = await tx.deployments.get(organization, id)
    if (row === undefined || row.endedAtMs !== null) throw notFound(thing)
    const { environment, project, pipeline } = row
    requireOn(context, 'pipelines.deploy', {
      thing,
      read: 'pipelines.read',
      target: { environment, project, pipeline },
    })
    const endedAtMs = context.nowMs()
    await tx.deployments.end(organization, id, endedAtMs)
    tx.audit(
      auditEntry(context, organization, 'pipelines.undeploy', `deployment/${id}`, {
        before: { id, pipeline, environment, version: versionText(row) },
      }),
    )
    return { ...row, endedAtMs }
  })
  return { deployment: value, revision }
}
