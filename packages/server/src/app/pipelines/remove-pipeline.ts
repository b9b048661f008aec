import { auditEntry } from '../audit/audit-entry.ts'
import type { OperationContext } from '../access/context.ts'
import { permittedPipeline } from '../access/permitted-pipeline.ts'
import { conflict } from '../refusals.ts'
import { requireNotInRoles } from '../roles/role-scopes.ts'

export interface RemovePipelineInput {
  readonly organization: string
  readonly pipeline: string
}
export interface RemovedPipeline {
  readonly revision: number
}

/**
 * Removes a pipeline with its versions and its associations with consumers. Its ended deployments stay in the history.
 *
 * @throws Problem `conflict` while it has a live deployment or a role names it
 */
export async function removePipeline(
  context: OperationContext,
  { organization, pipeline }: RemovePipelineInput,
): Promise<RemovedPipeline> {
  const { revision } = await context.store.write(async (tx) => {
    const row = await permittedPipeline(context, tx, organization, pipeline, 'pipelines.write')
    if ((await tx.deployments.countLiveOfPipeline(organization, pipeline)) > 0) {
      throw conflict(`The pipeline "${pipeline}" has live deployments. Remove them first.`)
    }
    await requireNotInRoles(context, tx, organization, 'pipeline', pipeline)
    await tx.pipelines.remove(organization, pipeline, context.nowMs())
    tx.audit(
      auditEntry(context, organization, 'pipelines.remove', `pipeline/${pipeline}`, {
        before: { name: row.name, project: row.project },
      }),
    )
  })
  return { revision }
}
