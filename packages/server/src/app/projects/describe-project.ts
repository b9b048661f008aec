import type { Description } from '@sallyport/core'
import type { ProjectRow } from '../../store/port/projects.ts'
import type { OperationContext } from '../access/context.ts'
import { permittedProject } from '../access/permitted-project.ts'
import { auditEntry } from '../audit/audit-entry.ts'

export interface DescribeProjectInput {
  readonly organization: string
  readonly project: string
  readonly description: Description | null
}
export interface DescribedProject {
  readonly project: ProjectRow
  readonly revision: number
}

/** Replaces the description of a project; null removes it. */
export async function describeProject(
  context: OperationContext,
  { organization, project, description }: DescribeProjectInput,
): Promise<DescribedProject> {
  const { value, revision } = await context.store.write(async (tx) => {
    const row = await permittedProject(context, tx, organization, project, 'pipelines.write')
    await tx.projects.describe(organization, project, description)
    tx.audit(
      auditEntry(context, organization, 'projects.describe', `project/${project}`, {
        before: { description: row.description },
        after: { description },
      }),
    )
    return { ...row, description }
  })
  return { project: value, revision }
}
