import type { PipelineReader } from '../../store/port/pipelines.ts'
import type { OperationContext } from '../access/context.ts'
import { isPermitted } from '../access/permission-checks.ts'
import type { FieldError } from '../refusals.ts'
import { invalidRequest, requireNone } from '../refusals.ts'

/** The most pipelines that one consumer is associated with. */
export const PIPELINES_PER_CONSUMER_MAX = 256

/**
 * The pipelines that a consumer is to be associated with, each once.
 *
 * @throws Problem `invalid_request` naming each one that is not there, or that the actor may not know of
 */
export async function requestedPipelines(
  context: OperationContext,
  reader: PipelineReader,
  organization: string,
  environment: string,
  names: readonly string[],
): Promise<readonly string[]> {
  if (names.length > PIPELINES_PER_CONSUMER_MAX) {
    const message = `A consumer has at most ${PIPELINES_PER_CONSUMER_MAX} pipelines.`
    throw invalidRequest([{ path: '/pipelines', message }])
  }
  const errors: FieldError[] = []
  for (const [index, name] of names.entries()) {
    const row = await reader.get(organization, name)
    const known =
      row !== undefined &&
      isPermitted(context, organization, 'pipelines.read', {
        environment,
        project: row.project,
        pipeline: name,
      })
    if (!known) errors.push({ path: `/pipelines/${index}`, message: `There is no pipeline "${name}".` })
  }
  requireNone(errors)
  return [...new Set(names)]
}
