import { Cron } from 'croner'

/** Schedules are in UTC, because a local time can occur twice on a day, or not at all. */
const TIME_ZONE = 'UTC'

/** What a schedule must be instead, as a noun phrase; undefined if the schedule is valid. */
export function scheduleProblem(schedule: string): string | undefined {
  const cron = parse(schedule)
  if (cron === undefined) {
    return 'five cron fields: minute, hour, day of the month, month and day of the week'
  }
  return cron.nextRun() === null ? 'a schedule that runs at least once' : undefined
}

/**
 * The first due time of a schedule after an instant, both in ms since 1970; null if it never runs again. An invalid
 * schedule never runs: one deployed before the gate validated schedules must not stop the others.
 *
 * @param schedule five cron fields, in UTC
 */
export function nextDueMs(schedule: string, afterMs: number): number | null {
  return parse(schedule)?.nextRun(new Date(afterMs))?.getTime() ?? null
}

function parse(schedule: string): Cron | undefined {
  try {
    return new Cron(schedule, { paused: true, timezone: TIME_ZONE, mode: '5-part' })
  } catch {
    return undefined
  }
}
