import type { Page, PageRequest } from '../../store/port/paging.ts'
import type { PipelineRow } from '../../store/port/pipelines.ts'
import { requireSomewhere, visiblePage } from '../access/permission-checks.ts'
import type { OperationContext } from '../access/context.ts'
import { requestedPage } from '../paging.ts'

export interface ListPipelinesInput extends PageRequest {
  readonly organization: string
  readonly project?: string | undefined
}

/** The pipelines that the actor may know of. */
export async function listPipelines(
  context: OperationContext,
  input: ListPipelinesInput,
): Promise<Page<PipelineRow>> {
  const { organization, project } = input
  requireSomewhere(context, organization, 'pipelines.read', ['project', 'pipeline'])
  const filter = project === undefined ? {} : { project }
  const page = await context.store.read.pipelines.list(organization, requestedPage(input), filter)
  return visiblePage(context, 'pipelines.read', page, (row) => ({
    project: row.project,
    pipeline: row.name,
  }))
}
