import type { Trigger, Violation } from '@sallyport/core'
import { isExposing, isTimeZone, parseCron, TIME_ZONE_DEFAULT } from '@sallyport/core'

/** The problems of the schedule of a version. */
export function scheduleViolations(
  { kind, schedule, timeZone = TIME_ZONE_DEFAULT }: Pick<Trigger, 'kind' | 'schedule' | 'timeZone'>,
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
  const violations: Violation[] = []
  const read = parseCron(schedule)
  if ('message' in read) {
    const required = 'five cron fields that come: minute, hour, day of the month, month and day of the week'
    violations.push({
      rule: 'schedule-invalid',
      environment,
      path,
      required,
      found: schedule,
      fix: read.message,
    })
  }
  // A version saved on a server with a newer time zone database.
  if (!isTimeZone(timeZone)) {
    violations.push({
      rule: 'schedule-invalid',
      environment,
      path: '/trigger/timeZone',
      required: 'a name of the IANA time zone database that this server knows',
      found: timeZone,
      fix: 'Use a name such as Europe/Berlin, or update the server.',
    })
  }
  return violations
}
