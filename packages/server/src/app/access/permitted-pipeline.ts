import type { Permission } from '@sallyport/core'
import type { PipelineRow } from '../../store/port/pipelines.ts'
import type { Reader } from '../../store/port/store.ts'
import type { OperationContext } from './context.ts'
import { isPermitted, notFound, permissionMissing, requireMembership } from './permission-checks.ts'
import { seesDeployment } from './permitted-deployment.ts'

type PipelineReaders = Pick<Reader, 'pipelines' | 'deployments'>

/**
 * The pipeline with this name, if the actor has the permission on it.
 *
 * @param environment where the pipeline is used; left out, only a grant for all environments counts
 * @throws Problem `not_found`, `permission_missing`
 */
export async function permittedPipeline(
  context: OperationContext,
  readers: PipelineReaders,
  organization: string,
  name: string,
  permission: Permission,
  environment?: string,
): Promise<PipelineRow> {
  requireMembership(context, organization)
  const row = await readers.pipelines.get(organization, name)
  if (row === undefined) throw notFound(`pipeline "${name}"`)
  const target = { project: row.project, pipeline: name }
  const used = environment === undefined ? target : { ...target, environment }
  if (isPermitted(context, organization, permission, used)) return row
  const isRevealed =
    isPermitted(context, organization, 'pipelines.read', used) ||
    (await seesDeployment(context, readers.deployments, organization, target))
  throw isRevealed
    ? permissionMissing(context, permission, organization, used)
    : notFound(`pipeline "${name}"`)
}
