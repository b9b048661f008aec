import { type CronFields, parseCron } from './cron.ts'
import { TIME_ZONE_DEFAULT, zoneSpan } from './time-zones.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
/** The longest time between two due times: 40 years for February 29 on one day of the week, around 2100. */
const SEARCH_MS_MAX = 41 * 366 * DAY_MS

/** When a schedule is due. */
export interface Timetable {
  /** Five cron fields or a nickname, see `parseCron`. */
  readonly schedule: string
  /** A name of the IANA time zone database. */
  readonly timeZone: string
}

/** When a trigger is due; null for a trigger without a schedule. */
export function timetableOf(trigger: {
  readonly schedule: string | null
  readonly timeZone?: string
}): Timetable | null {
  const { schedule, timeZone = TIME_ZONE_DEFAULT } = trigger
  return schedule === null ? null : { schedule, timeZone }
}

/**
 * The first due time after an instant, both in ms since 1970; null for a schedule that is invalid or never comes.
 *
 * Where a zone changes its offset, it follows cron(8) of cronie. A schedule whose minute and hour both begin with
 * something else than `*` names times of the day: times that the zone skips are due when it has skipped them, and
 * times that it repeats are due the first time only. Other schedules are due whenever the local time matches.
 */
export function nextDueMs({ schedule, timeZone }: Timetable, afterMs: number): number | null {
  const fields = parseCron(schedule)
  if ('message' in fields) return null
  const firstMs = (Math.floor(afterMs / MINUTE_MS) + 1) * MINUTE_MS
  const lastMs = firstMs + SEARCH_MS_MAX
  let atMs = firstMs
  while (atMs < lastMs) {
    const span = zoneSpan(timeZone, atMs)
    if (span === undefined) return null
    const { fromMs, untilMs, offsetMs, offsetBeforeMs } = span
    let localMs = atMs + offsetMs
    if (!fields.isContinuous) {
      const changeMs = fromMs + offsetBeforeMs
      if (atMs === fromMs && nextMatch(fields, changeMs, fromMs + offsetMs) !== null) return fromMs
      localMs = Math.max(localMs, changeMs)
    }
    const match = nextMatch(fields, localMs, untilMs + offsetMs)
    if (match !== null) return match - offsetMs
    atMs = untilMs
  }
  return null
}

/** The first matching minute from `fromMs` to before `untilMs`, all local times as if they were UTC. */
function nextMatch(fields: CronFields, fromMs: number, untilMs: number): number | null {
  let dayMs = Math.floor(fromMs / DAY_MS) * DAY_MS
  while (dayMs < untilMs) {
    const day = new Date(dayMs)
    if (!fields.months.includes(day.getUTCMonth() + 1)) {
      dayMs = Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 1)
      continue
    }
    const match = isDay(fields, day) ? firstMinute(fields, dayMs, fromMs) : null
    if (match !== null) return match < untilMs ? match : null
    dayMs += DAY_MS
  }
  return null
}

function isDay({ daysOfMonth, daysOfWeek, needsBothDays }: CronFields, day: Date): boolean {
  const isOfMonth = daysOfMonth.includes(day.getUTCDate())
  const isOfWeek = daysOfWeek.includes(day.getUTCDay())
  return needsBothDays ? isOfMonth && isOfWeek : isOfMonth || isOfWeek
}

function firstMinute({ hours, minutes }: CronFields, dayMs: number, fromMs: number): number | null {
  for (const hour of hours) {
    const hourMs = dayMs + hour * HOUR_MS
    if (hourMs + HOUR_MS <= fromMs) continue
    for (const minute of minutes) {
      const minuteMs = hourMs + minute * MINUTE_MS
      if (minuteMs >= fromMs) return minuteMs
    }
  }
  return null
}
