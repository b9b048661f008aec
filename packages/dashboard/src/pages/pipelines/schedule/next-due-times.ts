import { nextDueMs, type Timetable } from '@sallyport/core/schedules'

/**
 * The next due times of a schedule, by the same code as the server's.
 *
 * @param afterMs in ms since 1970
 * @param most how many
 * @returns in ms since 1970; fewer than `most` if the schedule is invalid or ends
 */
export function nextDueTimes(timetable: Timetable, afterMs: number, most: number): readonly number[] {
  const found: number[] = []
  let lastMs: number | null = afterMs
  while (found.length < most) {
    lastMs = nextDueMs(timetable, lastMs)
    if (lastMs === null) break
    found.push(lastMs)
  }
  return found
}

/** A due time as people of a time zone read it, with the name of its offset: "Mon, 30 Nov 2026, 03:00 CET". */
export function localTime(atMs: number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
    timeZone,
  }).format(atMs)
}

/** The time zone of the person who looks at the page. */
export function ownTimeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone
}
