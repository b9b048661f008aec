import type { Page, PageRequest } from '../../store/port/paging.ts'
import type { ProjectRow } from '../../store/port/projects.ts'
import { requireSomewhere, visiblePage } from '../access/permission-checks.ts'
import type { OperationContext } from '../access/context.ts'
import { requestedPage } from '../paging.ts'

export interface ListProjectsInput extends PageRequest {
  readonly organization: string
}

/** The projects that the actor may know of. */
export async function listProjects(
  context: OperationContext,
  input: ListProjectsInput,
): Promise<Page<ProjectRow>> {
  requireSomewhere(context, input.organization, 'pipelines.read', ['project'])
  const page = await context.store.read.projects.list(input.organization, requestedPage(input))
  return visiblePage(context, 'pipelines.read', page, ({ name }) => ({ project: name }))
}
