import type { VersionRow } from '../../store/rows.ts'
import type { Page, PageRequest } from '../../store/store.ts'
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
