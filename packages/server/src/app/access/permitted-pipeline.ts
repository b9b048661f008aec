import type { Permission } from '@sallyport/core'
import type { PipelineReader, PipelineRow } from '../../store/port/pipelines.ts'
import { notFound, requireMembership, requireOn } from './permission-checks.ts'
import type { OperationContext } from './context.ts'

/**
 * Returns the pipeline if the actor has the permission on it.
 *
 * @param environment the environment of the action, if it has one
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
  requireMembership(context, organization)
  const thing = `pipeline "${name}"`
  const row = await pipelines.get(organization, name)
  if (row === undefined) throw notFound(thing)
  const target = {
    project: row.project,
    pipeline: name,
    ...(environment === undefined ? {} : { environment }),
  }
  requireOn(context, permission, { thing, read: 'pipelines.read', target })
  return row
}
