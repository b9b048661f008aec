/** One schedule: the live deployment of one major version of a pipeline. */
export interface ScheduleId {
  readonly organization: string
  readonly environment: string
  readonly pipeline: string
  readonly major: number
}

/** One due time of one schedule. Times are in ms since 1970. */
export interface DueRun extends ScheduleId {
  readonly dueAtMs: number
  readonly startedAtMs: number
  /** Whether no other exclusive run of its schedule starts before it has finished. */
  readonly isExclusive: boolean
  /** The due times right before this one that have no run, at most 1000. */
  readonly missedBefore: number
}

/** What the store knows of a schedule at one of its due times. */
export interface ScheduleStanding {
  /** Null for an unknown deployment. */
  readonly deployedAtMs: number | null
  readonly isTaken: boolean
  /** The claimed due time before this one. */
  readonly lastDueAtMs: number | null
  /** The exclusive run that goes on. Its process raises `beats` as long as it lives. */
  readonly running: { readonly dueAtMs: number; readonly beats: number } | null
}

/** The runs that all processes share. */
export interface ScheduleRuns {
  /**
   * Claims a due time. With an outcome, it is recorded as one that does not run.
   *
   * @returns true for exactly one caller among all processes; false also while an exclusive run is in the way
   */
  claim(run: DueRun, outcome: 'missed' | 'skipped' | null): Promise<boolean>
  /** Records the outcome of a claimed run, unless it has one. */
  finish(run: DueRun, finishedAtMs: number, outcome: string): Promise<void>
  standing(schedule: ScheduleId, deploymentId: string, dueAtMs: number): Promise<ScheduleStanding>
  /** Notes that the process of an exclusive run is alive, and tells whether the run must end, or has been ended. */
  beat(run: DueRun): Promise<'running' | 'ending' | 'ended'>
  /** Asks the process of a run to end it. */
  askToEnd(schedule: ScheduleId, dueAtMs: number): Promise<void>
  /** Ends a run whose process has died, unless its `beats` have changed. */
  abandon(schedule: ScheduleId, run: { dueAtMs: number; beats: number; finishedAtMs: number }): Promise<void>
}
