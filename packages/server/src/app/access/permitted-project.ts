import type { Permission } from '@sallyport/core'
import type { ProjectReader, ProjectRow } from '../../store/port/projects.ts'
import type { OperationContext } from './context.ts'
import { permittedResource } from './permission-checks.ts'

/**
 * The project with this name, if the actor has the permission on it.
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
  return await permittedResource(
    context,
    permission,
    {
      organization,
      name: `project "${name}"`,
      read: ['pipelines.read'],
      targetOf: () => ({ project: name }),
    },
    async () => await projects.get(organization, name),
  )
}
