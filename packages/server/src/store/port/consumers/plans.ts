import type { PlanLimit } from '@sallyport/core'
import type { PageRequest, Page } from '../pages/paging.ts'

/** A named set of rate limits, which consumers of its environment can have. */
export interface PlanRow {
  readonly organization: string
  readonly environment: string
  /** Of `planId`. */
  readonly id: string
  /** Unique within the environment; never changes. */
  readonly name: string
  /** A name for people to read, in any script. */
  readonly title: string | null
  readonly description: string | null
  readonly rateLimits: readonly PlanLimit[]
  readonly createdAtMs: number
  readonly createdBy: string
}

export interface PlanReader {
  get(organization: string, environment: string, name: string): Promise<PlanRow | undefined>
  list(organization: string, environment: string, page: PageRequest): Promise<Page<PlanRow>>
  countOfEnvironment(organization: string, environment: string): Promise<number>
}

export interface PlanWriter extends PlanReader {
  insert(row: PlanRow): Promise<void>
  /** Replaces title, description and rate limits; other columns stay. */
  update(row: PlanRow): Promise<void>
  /** @throws Problem `conflict` while a consumer has the plan */
  remove(organization: string, environment: string, name: string): Promise<void>
}
