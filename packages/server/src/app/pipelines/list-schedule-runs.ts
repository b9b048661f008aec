import type { Page, PageRequest } from '../../store/port/paging.ts'
import type { ScheduleRunRow } from '../../store/port/schedule-runs.ts'
import type { OperationContext } from '../access/context.ts'
import { requestedPage } from '../paging.ts'
import { permittedPipeline } from '../access/permitted-pipeline.ts'

export interface ListScheduleRunsInput extends PageRequest {
  readonly organization: string
  readonly pipeline: string
  readonly environment: string
}

/** When a pipeline with a schedule ran in an environment, and how that came out; newest first. */
export async function listScheduleRuns(
  context: OperationContext,
  input: ListScheduleRunsInput,
): Promise<Page<ScheduleRunRow>> {
  const { organization, pipeline, environment } = input
  const { pipelines, scheduleRuns } = context.store.read
  await permittedPipeline(context, pipelines, organization, pipeline, 'pipelines.read', environment)
  return scheduleRuns.list(organization, environment, pipeline, requestedPage(input))
}
