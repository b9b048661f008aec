import type { ProjectRow } from '../../store/port/projects.ts'
import { requirePermission } from '../access/permission-checks.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import type { OperationContext } from '../access/context.ts'
import { descriptionErrors, nameErrors } from '../names.ts'
import { conflict, requireNone } from '../refusals.ts'

export interface CreateProjectInput {
  readonly organization: string
  readonly name: string
  readonly description?: string | null | undefined
}

/**
 * Makes a project.
 *
 * @throws Problem `conflict` when the name is taken
 */
export async function createProject(
  context: OperationContext,
  { organization, name, description = null }: CreateProjectInput,
): Promise<ProjectRow> {
  requirePermission(context, organization, 'pipelines.write', { project: name })
  requireNone([...nameErrors('/name', name), ...descriptionErrors('/description', description)])
  const { value } = await context.store.write(async (tx) => {
    if ((await tx.projects.get(organization, name)) !== undefined) {
      throw conflict(`There is a project "${name}" already.`)
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
