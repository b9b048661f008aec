import type { EnvironmentRow } from '../store/rows.ts'

export interface MoveEnvironmentInput {
  readonly organization: string
  readonly environment: string
  readonly position: number
}
export interface MovedEnvironment {
  readonly environment: EnvironmentRow
  readonly revision: number
}
