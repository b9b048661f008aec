import { Cron } from 'croner'

/** Schedules are read in UTC: a local time can come twice in a day, or not at all. */
const TIME_ZONE = 'UTC'

/** What is wrong with a schedule, as a sentence; undefined where nothing is. */
export function scheduleProblem(schedule: string): string | undefined {
  const cron = read(schedule)
  if (cron === undefined) {
    return 'five fields of cron: minute, hour, day of the month, month and day of the week'
  }
  return cron.nextRun() === null ? 'a schedule that comes at some time' : undefined
}

/**
 * The first due time of a schedule after a moment, both in ms since 1970; null where it never comes again. What is no
 * schedule never comes: one that went live before the gate read schedules must not keep the others from running.
 *
 * @param schedule five fields of cron, read in UTC
 */
export function nextDueMs(schedule: string, afterMs: number): number | null {
  return read(schedule)?.nextRun(new Date(afterMs))?.getTime() ?? null
}

function read(schedule: string): Cron | undefined {
  try {
    return new Cron(schedule, { paused: true, timezone: TIME_ZONE, mode: '5-part' })
  } catch {
    return undefined
  }
}
