import type { ProjectRow } from '../../store/port/projects.ts'
import type { OperationContext } from '../access/context.ts'
import { permittedProject } from '../access/permitted-project.ts'

export interface GetProjectInput {
  readonly organization: string
  readonly project: string
}

/** One project. */
export async function getProject(
  context: OperationContext,
  { organization, project }: GetProjectInput,
): Promise<ProjectRow> {
  return permittedProject(context, context.store.read.projects, organization, project, 'pipelines.read')
}
