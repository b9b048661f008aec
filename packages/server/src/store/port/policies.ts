import type { PolicyMode } from '@sallyport/core'
import type { PageRequest, Page } from './pages/paging.ts'

/** One version of an environment's policy; the highest is in force. */
export interface PolicyRow {
  readonly organization: string
  readonly environment: string
  /** 1, 2, 3, … */
  readonly version: number
  readonly mode: PolicyMode
  readonly createdAtMs: number
  readonly createdBy: string
}

export interface PolicyReader {
  /** The policy in force; undefined if the environment does not exist. */
  current(organization: string, environment: string): Promise<PolicyRow | undefined>
  /** Newest first. */
  list(organization: string, environment: string, page: PageRequest): Promise<Page<PolicyRow>>
}

export interface PolicyWriter extends PolicyReader {
  insert(row: PolicyRow): Promise<void>
}
