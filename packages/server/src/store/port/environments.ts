import type { PageRequest, Page } from './paging.ts'

export interface EnvironmentRow {
  readonly organization: string
  readonly name: string
  /** The order of promotion: 0 comes first. */
  readonly position: number
  readonly createdAtMs: number
}

export interface EnvironmentReader {
  get(organization: string, name: string): Promise<EnvironmentRow | undefined>
  /** In promotion order; there are few, but they page like the rest. */
  list(organization: string, page: PageRequest): Promise<Page<EnvironmentRow>>
}

export interface EnvironmentWriter extends EnvironmentReader {
  insert(row: EnvironmentRow): Promise<void>
  move(organization: string, name: string, position: number): Promise<void>
  /**
   * With what belongs to it alone: policies, signing keys, issuers, secrets, ended deployments, runs of schedules. Live
   * deployments, consumers and keys must be gone before.
   */
  remove(organization: string, name: string): Promise<void>
}
