import type { PipelineReader } from '../../store/port/pipelines.ts'
import type { OperationContext } from '../access/context.ts'
import { isPermitted } from '../access/permission-checks.ts'
import type { FieldError } from '../refusals.ts'
import { requireNone } from '../refusals.ts'

/**
 * Checks the pipelines of a consumer and removes duplicates.
 *
 * @throws Problem `invalid_request` listing each pipeline that does not exist or that the actor may not read
 */
export async function requestedPipelines(
  context: OperationContext,
  reader: PipelineReader,
  organization: string,
  environment: string,
  names: readonly string[],
): Promise<readonly string[]> {
  const errors: FieldError[] = []
  for (const [index, name] of names.entries()) {
    const row = await reader.get(organization, name)
    const isReadable =
      row !== undefined &&
      isPermitted(context, organization, 'pipelines.read', {
        environment,
        project: row.project,
        pipeline: name,
      })
    if (!isReadable) errors.push({ path: `/pipelines/${index}`, message: `There is no pipeline "${name}".` })
  }
  requireNone(errors)
  return [...new Set(names)]
}
