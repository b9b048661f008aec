import type { PageRequest, Page } from './pages/paging.ts'

/** One schedule: the live deployment of one major version of a pipeline. */
export interface ScheduleId {
  readonly organization: string
  readonly environment: string
  readonly pipeline: string
  readonly major: number
}

/** One due time of a schedule, claimed by one process. */
export interface ScheduleRunRow extends ScheduleId {
  readonly dueAtMs: number
  readonly startedAtMs: number
  /** Null while it runs, and if its process ended before the run did. */
  readonly finishedAtMs: number | null
  /**
   * `succeeded`, or the code of the problem that ended it; null while `finishedAtMs` is null. `missed` and `skipped`
   * did not run, `replaced` and `interrupted` ended early.
   */
  readonly outcome: string | null
  /** Whether no other exclusive run of its schedule starts before it has finished. */
  readonly isExclusive: boolean
  /** The due times right before this one that have no run. */
  readonly missedBefore: number
}

/** What is known of a schedule at one of its due times. */
export interface ScheduleStanding {
  /** When its deployment went live; null for an unknown one. */
  readonly deployedAtMs: number | null
  /** Whether the due time has been claimed. */
  readonly isTaken: boolean
  /** The claimed due time before this one. */
  readonly lastDueAtMs: number | null
  /** The exclusive run that goes on. Its process raises `beats` as long as it lives. */
  readonly running: { readonly dueAtMs: number; readonly beats: number } | null
}

/** Whether a run goes on, has been asked to end, or has been ended by another process. */
export type RunState = 'running' | 'ending' | 'ended'

export interface ScheduleRunReader {
  /** Newest first. */
  list(
    organization: string,
    environment: string,
    pipeline: string,
    page: PageRequest,
  ): Promise<Page<ScheduleRunRow>>
  standing(schedule: ScheduleId, deploymentId: string, dueAtMs: number): Promise<ScheduleStanding>
}
