import type { WhenStale } from '@sallyport/core'
import type { PageRequest, Page } from './pages/paging.ts'

export interface EnvironmentRow {
  readonly organization: string
  readonly name: string
  /** The position in promotion order; 0 is the first. */
  readonly position: number
  /** Whether a version can go live here only if it is live in the environment before this one. */
  readonly requiresPrevious: boolean
  /** What a gateway without a database does with calls once its lease is over. */
  readonly whenStale: WhenStale
  readonly createdAtMs: number
}

/** Whether gateways whose lease is over refuse the calls of an organization. */
export interface StaleRefusal {
  /** Whether all its environments refuse; true if it has none. */
  readonly isByAll: boolean
  /**
   * The newest change by which one of its environments began to refuse, or one that served was removed; 0 for none. If all
   * refuse, a gateway with this revision knows of no environment that serves.
   */
  readonly sinceRevision: number
}

export interface EnvironmentReader {
  get(organization: string, name: string): Promise<EnvironmentRow | undefined>
  /** In promotion order. */
  list(organization: string, page: PageRequest): Promise<Page<EnvironmentRow>>
  staleRefusal(organization: string): Promise<StaleRefusal>
}

export interface EnvironmentWriter extends EnvironmentReader {
  insert(row: EnvironmentRow): Promise<void>
  move(organization: string, name: string, position: number): Promise<void>
  setRequiresPrevious(organization: string, name: string, requiresPrevious: boolean): Promise<void>
  setWhenStale(organization: string, name: string, whenStale: WhenStale): Promise<void>
  /**
   * Also removes what belongs to it alone: policies, signing keys, issuers, secrets, variables, ended deployments and schedule
   * runs.
   *
   * @throws Problem `conflict` while it has live deployments, consumers or keys
   */
  remove(organization: string, name: string): Promise<void>
}
