import type { ProjectRow } from '../store/rows.ts'
import type { OperationContext } from './context.ts'
import { permittedProject } from './project-access.ts'

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
