import type { PageRequest, Page } from './pages/paging.ts'

/** One due time of a schedule, claimed by one process. */
export interface ScheduleRunRow {
  readonly organization: string
  readonly environment: string
  readonly pipeline: string
  readonly major: number
  readonly dueAtMs: number
  readonly startedAtMs: number
  /** Null while it runs, and if its process ended before the run did. */
  readonly finishedAtMs: number | null
  /** `succeeded`, or the code of the problem that ended it; null while `finishedAtMs` is null. */
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
