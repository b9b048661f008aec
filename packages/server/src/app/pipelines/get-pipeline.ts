import { notFound } from '../access/permission-checks.ts'
import type { OperationContext } from '../access/context.ts'
import type { PipelineWithVersion } from './create-pipeline.ts'
import { permittedPipeline } from '../access/permitted-pipeline.ts'

export interface GetPipelineInput {
  readonly organization: string
  readonly pipeline: string
}

/** One pipeline with its highest version. */
export async function getPipeline(
  context: OperationContext,
  input: GetPipelineInput,
): Promise<PipelineWithVersion> {
  const { organization } = input
  const { pipelines } = context.store.read
  const pipeline = await permittedPipeline(context, pipelines, organization, input.pipeline, 'pipelines.read')
  const version = await pipelines.latestVersion(organization, input.pipeline)
  // Only a pipeline that was removed between the two reads has no version.
  if (version === undefined) throw notFound(`pipeline "${input.pipeline}"`)
  return { pipeline, version }
}
