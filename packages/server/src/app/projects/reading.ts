import type { Page, PageRequest } from '../../store/port/pages/paging.ts'
import type { ProjectRow } from '../../store/port/projects.ts'
import type { OperationContext } from '../access/context.ts'
import { visibleScopes } from '../access/permission-checks.ts'
import { permittedProject } from '../access/permitted-project.ts'

export interface GetProjectInput {
  readonly organization: string
  readonly project: string
}

/** Returns one project. */
export async function getProject(
  context: OperationContext,
  { organization, project }: GetProjectInput,
): Promise<ProjectRow> {
  return await permittedProject(context, context.store.read, organization, project, 'pipelines.read')
}

export interface ListProjectsInput extends PageRequest {
  readonly organization: string
}

/** Lists the projects that the actor may read. */
export async function listProjects(
  context: OperationContext,
  input: ListProjectsInput,
): Promise<Page<ProjectRow>> {
  const visible = visibleScopes(context, input.organization, 'pipelines.read', ['project'])
  return await context.store.read.projects.list(input.organization, { ...input, visible })
}
