import type { PipelineReader } from '../../store/port/pipelines.ts'
import type { OperationContext } from '../access/context.ts'
import { isPermitted } from '../access/permission-checks.ts'
import type { FieldError } from '../refusals.ts'
import { requireNone } from '../refusals.ts'

/** How the pipelines were named. */
interface Naming {
  /** Those that the consumer may call already: they stay, even if the actor may not read them. */
  readonly known?: readonly string[]
  /** Where a name stands in the body. */
  readonly pathOf?: (index: number) => string
}

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
  { known = [], pathOf = (index) => `/pipelines/${index}` }: Naming = {},
): Promise<readonly string[]> {
  const errors: FieldError[] = []
  for (const [index, name] of names.entries()) {
    if (known.includes(name)) continue
    const row = await reader.get(organization, name)
    const isReadable =
      row !== undefined &&
      isPermitted(context, organization, 'pipelines.read', {
        environment,
        project: row.project,
        pipeline: name,
      })
    if (!isReadable) errors.push({ path: pathOf(index), message: `There is no pipeline "${name}".` })
  }
  requireNone(errors)
  return [...new Set(names)]
}
