import type { Description, ResourceName } from '@sallyport/core'
import type { ProjectRow } from '../../store/port/projects.ts'
import type { OperationContext } from '../access/context.ts'
import { requirePermission } from '../access/permission-checks.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import { conflict } from '../refusals.ts'

/** The project that every organization has. */
export const DEFAULT_PROJECT = 'default'

export interface CreateProjectInput {
  readonly organization: string
  readonly name: ResourceName
  readonly description?: Description | null | undefined
}

/**
 * Creates a project.
 *
 * @throws Problem `conflict` if the name is taken
 */
export async function createProject(
  context: OperationContext,
  { organization, name, description = null }: CreateProjectInput,
): Promise<ProjectRow> {
  const { value } = await context.store.write(async (tx) => {
    requirePermission(context, organization, 'pipelines.write', { project: name })
    if ((await tx.projects.get(organization, name)) !== undefined) {
      throw conflict(`A project named "${name}" already exists. Choose another name.`)
    }
    const project: ProjectRow = { organization, name, description, createdAtMs: context.nowMs() }
    await tx.projects.insert(project)
    tx.audit(
      auditEntry(context, organization, 'projects.create', `project/${name}`, {
        after: { name, description },
      }),
    )
    return project
  })
  return value
}
