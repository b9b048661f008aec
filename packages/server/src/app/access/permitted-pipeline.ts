import type { Permission } from '@sallyport/core'
import type { PipelineReader, PipelineRow } from '../../store/port/pipelines.ts'
import type { OperationContext } from './context.ts'
import { permittedResource } from './permission-checks.ts'

/**
 * The pipeline with this name, if the actor has the permission on it.
 *
 * @param environment where the pipeline is used; left out, only a grant for all environments counts
 * @throws Problem `not_found`, `permission_missing`
 */
export async function permittedPipeline(
  context: OperationContext,
  pipelines: PipelineReader,
  organization: string,
  name: string,
  permission: Permission,
  environment?: string,
): Promise<PipelineRow> {
  return await permittedResource(
    context,
    permission,
    {
      organization,
      name: `pipeline "${name}"`,
      read: ['pipelines.read'],
      targetOf: ({ project }) => ({
        project,
        pipeline: name,
        ...(environment === undefined ? {} : { environment }),
      }),
    },
    async () => await pipelines.get(organization, name),
  )
}
