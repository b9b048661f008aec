import type { ProjectRow } from '../store/rows.ts'

export interface DescribeProjectInput {
  readonly organization: string
  readonly project: string
  readonly description: string | null
}
export interface DescribedProject {
  readonly project: ProjectRow
  readonly revision: number
}
