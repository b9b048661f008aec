import type { PageRequest, Page } from './paging.ts'

/** One due time of a schedule, taken by one process. */
export interface ScheduleRunRow {
  readonly organization: string
  readonly environment: string
  readonly pipeline: string
  readonly major: number
  readonly dueAtMs: number
  readonly startedAtMs: number
  /** Null while it runs, or when its process ended in the middle. */
  readonly finishedAtMs: number | null
  /** `succeeded`, or the code of the problem with which it ended; null while it runs. */
  readonly outcome: string | null
}

export interface ScheduleRunReader {
  /** Newest first. */
  list(
    organization: string,
    environment: string,
    pipeline: string,
    page: PageRequest,
  ): Promise<Page<ScheduleRunRow>>
}
