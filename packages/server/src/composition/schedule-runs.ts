import type { ScheduleRuns } from '../schedule/schedule-runs.ts'
import type { Store } from '../store/port/store.ts'

/** The runs of schedules in the database that all processes share. */
export function scheduleRunsOf(store: Store): ScheduleRuns {
  return {
    claim: (run, outcome) =>
      store.claimRun({ ...run, finishedAtMs: outcome === null ? null : run.startedAtMs, outcome }),
    finish: (run, finishedAtMs, outcome) => store.finishRun({ ...run, finishedAtMs, outcome }),
    standing: (schedule, deploymentId, dueAtMs) =>
      store.read.scheduleRuns.standing(schedule, deploymentId, dueAtMs),
    beat: (run) => store.beatRun(run, run.dueAtMs),
    askToEnd: (schedule, dueAtMs) => store.askRunToEnd(schedule, dueAtMs),
    abandon: (schedule, run) => store.abandonRun(schedule, run),
  }
}
