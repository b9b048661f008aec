import { auditEntry } from '../audit/audit-entry.ts'
import type { OperationContext } from '../access/context.ts'
import { permittedProject } from '../access/permitted-project.ts'
import { conflict } from '../refusals.ts'
import { requireNotInRoles } from '../roles/role-scopes.ts'
import { DEFAULT_PROJECT } from './create-project.ts'

export interface RemoveProjectInput {
  readonly organization: string
  readonly project: string
}
export interface RemovedProject {
  readonly revision: number
}

/**
 * Removes an empty project, also from the consumers that have it.
 *
 * @throws Problem `conflict` while the project has pipelines or a role names it, and for the default project
 */
export async function removeProject(
  context: OperationContext,
  { organization, project }: RemoveProjectInput,
): Promise<RemovedProject> {
  const { revision } = await context.store.write(async (tx) => {
    const row = await permittedProject(context, tx, organization, project, 'pipelines.write')
    if (project === DEFAULT_PROJECT) {
      throw conflict('The default project cannot be removed.')
    }
    if ((await tx.projects.countPipelines(organization, project)) > 0) {
      throw conflict(`The project "${project}" still has pipelines. Remove them first.`)
    }
    await requireNotInRoles(context, tx, organization, 'project', project)
    await tx.projects.remove(organization, project)
    tx.audit(
      auditEntry(context, organization, 'projects.remove', `project/${project}`, {
        before: { name: row.name, description: row.description },
      }),
    )
  })
  return { revision }
}
