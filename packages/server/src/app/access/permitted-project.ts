import type { Permission } from '@sallyport/core'
import type { ProjectReader, ProjectRow } from '../../store/port/projects.ts'
import { notFound, requireMembership, requireOn } from './permission-checks.ts'
import type { OperationContext } from './context.ts'

/**
 * Returns the project if the actor has the permission on it.
 *
 * @throws Problem `not_found`, `permission_missing`
 */
export async function permittedProject(
  context: OperationContext,
  projects: ProjectReader,
  organization: string,
  name: string,
  permission: Permission,
): Promise<ProjectRow> {
  requireMembership(context, organization)
  const thing = `project "${name}"`
  const row = await projects.get(organization, name)
  if (row === undefined) throw notFound(thing)
  requireOn(context, permission, { thing, read: 'pipelines.read', target: { project: name } })
  return row
}
