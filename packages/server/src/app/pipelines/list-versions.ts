import type { Page, PageRequest } from '../../store/port/paging.ts'
import type { VersionRow } from '../../store/port/pipelines.ts'
import type { OperationContext } from '../access/context.ts'
import { requestedPage } from '../paging.ts'
import { permittedPipeline } from '../access/permitted-pipeline.ts'

export interface ListVersionsInput extends PageRequest {
  readonly organization: string
  readonly pipeline: string
}

/** The versions of one pipeline. */
export async function listVersions(
  context: OperationContext,
  input: ListVersionsInput,
): Promise<Page<VersionRow>> {
  const { organization, pipeline } = input
  const { pipelines } = context.store.read
  await permittedPipeline(context, pipelines, organization, pipeline, 'pipelines.read')
  return pipelines.listVersions(organization, pipeline, requestedPage(input))
}
