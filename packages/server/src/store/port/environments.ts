import type { PageRequest, Page } from './pages/paging.ts'

export interface EnvironmentRow {
  readonly organization: string
  readonly name: string
  /** The position in promotion order; 0 is the first. */
  readonly position: number
  /** Whether a version can go live here only if it is live in the environment before this one. */
  readonly requiresPrevious: boolean
  readonly createdAtMs: number
}

export interface EnvironmentReader {
  get(organization: string, name: string): Promise<EnvironmentRow | undefined>
  /** In promotion order. */
  list(organization: string, page: PageRequest): Promise<Page<EnvironmentRow>>
}

export interface EnvironmentWriter extends EnvironmentReader {
  insert(row: EnvironmentRow): Promise<void>
  move(organization: string, name: string, position: number): Promise<void>
  setRequiresPrevious(organization: string, name: string, requiresPrevious: boolean): Promise<void>
  /**
   * Also removes what belongs to it alone: policies, signing keys, issuers, secrets, variables, ended deployments and schedule
   * runs.
   *
   * @throws Problem `conflict` while it has live deployments, consumers or keys
   */
  remove(organization: string, name: string): Promise<void>
}
