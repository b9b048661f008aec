import type { PageRequest, Page } from '../pages/paging.ts'

/** A variable of an environment. */
export interface EnvironmentVariableRow {
  readonly organization: string
  readonly environment: string
  readonly id: string
  /** Unique within the environment; never changes. */
  readonly name: string
  readonly value: string
  readonly createdAtMs: number
  readonly updatedAtMs: number
  readonly updatedBy: string
}

export interface EnvironmentVariableReader {
  get(organization: string, environment: string, name: string): Promise<EnvironmentVariableRow | undefined>
  list(organization: string, environment: string, page: PageRequest): Promise<Page<EnvironmentVariableRow>>
  /** All variables of an environment, in the order of their names. */
  all(organization: string, environment: string): Promise<readonly EnvironmentVariableRow[]>
}

export interface EnvironmentVariableWriter extends EnvironmentVariableReader {
  insert(row: EnvironmentVariableRow): Promise<void>
  /** Replaces the value, `updatedAtMs` and `updatedBy`; other columns stay. */
  update(row: EnvironmentVariableRow): Promise<void>
  remove(organization: string, environment: string, name: string): Promise<void>
}
