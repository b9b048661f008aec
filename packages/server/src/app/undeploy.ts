import type { DeploymentRow } from '../store/rows.ts'

export interface UndeployInput {
  readonly organization: string
  readonly deployment: string
}
export interface Undeployed {
  readonly deployment: DeploymentRow
  readonly revision: number
}
