import type { Permission } from '@sallyport/core'
import type { ProjectRow } from '../../store/port/projects.ts'
import type { Reader } from '../../store/port/store.ts'
import type { OperationContext } from './context.ts'
import { isPermitted, notFound, permissionMissing, requireMembership } from './permission-checks.ts'
import { seesDeployment } from './permitted-deployment.ts'

/**
 * The project with this name, if the actor has the permission on it.
 *
 * @throws Problem `not_found`, `permission_missing`
 */
export async function permittedProject(
  context: OperationContext,
  readers: Pick<Reader, 'projects' | 'deployments'>,
  organization: string,
  name: string,
  permission: Permission,
): Promise<ProjectRow> {
  requireMembership(context, organization)
  const row = await readers.projects.get(organization, name)
  if (row === undefined) throw notFound(`project "${name}"`)
  const target = { project: name }
  if (isPermitted(context, organization, permission, target)) return row
  const isRevealed =
    isPermitted(context, organization, 'pipelines.read', target) ||
    (await seesDeployment(context, readers.deployments, organization, target))
  throw isRevealed
    ? permissionMissing(context, permission, organization, target)
    : notFound(`project "${name}"`)
}
