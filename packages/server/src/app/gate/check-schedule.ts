import type { Trigger, Violation } from '@sallyport/core'
import { isExposing } from '@sallyport/core'
import { scheduleProblem } from '../../schedule/due-times.ts'

/** The problems of the schedule of a version. */
export function scheduleViolations(
  { kind, schedule }: Pick<Trigger, 'kind' | 'schedule'>,
  environment: string,
): Violation[] {
  if (isExposing(kind)) return []
  const path = '/trigger/schedule'
  if (schedule === null) {
    return [
      {
        rule: 'schedule-missing',
        environment,
        path,
        required: 'a schedule',
        found: 'none',
        fix: 'Add a schedule, such as schedule: "*/5 * * * *".',
      },
    ]
  }
  const required = scheduleProblem(schedule)
  if (required === undefined) return []
  return [
    { rule: 'schedule-invalid', environment, path, required, found: schedule, fix: 'Correct the schedule.' },
  ]
}
