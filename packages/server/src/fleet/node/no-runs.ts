import { Problem } from '@sallyport/core'
import type { ScheduleRuns } from '../../schedule/schedule-runs.ts'

/** What a process that runs no pipeline is told about the runs of schedules: each call is refused. */
export const NO_RUNS: ScheduleRuns = {
  claim: refuse,
  finish: refuse,
  standing: refuse,
  beat: refuse,
  askToEnd: refuse,
  abandon: refuse,
}

/** @throws Problem `invalid_request` */
async function refuse(): Promise<never> {
  await Promise.resolve()
  throw new Problem('invalid_request', { detail: 'A gate runs no schedules.' })
}
