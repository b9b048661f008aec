const LOCALE = 'en-GB'
const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

const dates = new Intl.DateTimeFormat(LOCALE, { day: 'numeric', month: 'short', year: 'numeric' })
const clock = new Intl.DateTimeFormat(LOCALE, { hour: '2-digit', minute: '2-digit' })
const exact = new Intl.DateTimeFormat(LOCALE, {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZone: 'UTC',
})

/** A day, such as 17 Nov 2026. */
export function day(atMs: number): string {
  return dates.format(atMs)
}

/** A time of day, such as 17:54. */
export function timeOfDay(atMs: number): string {
  return clock.format(atMs)
}

const exactDay = new Intl.DateTimeFormat(LOCALE, {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
})
const preciseClock = new Intl.DateTimeFormat(LOCALE, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  timeZone: 'UTC',
})

/** A time of day in UTC with milliseconds, such as 17:54:06.218. */
function preciseTime(atMs: number): string {
  return preciseClock.format(atMs)
}

const otherDay = new Intl.DateTimeFormat(LOCALE, { day: 'numeric', month: 'short', timeZone: 'UTC' })

/** As {@link preciseTime}, with the day before it unless that is today in UTC: "16 Nov, 17:54:06.218". */
export function preciseTimeOnDay(atMs: number, nowMs: number): string {
  const isToday = exactDay.format(atMs) === exactDay.format(nowMs)
  return isToday ? preciseTime(atMs) : `${otherDay.format(atMs)}, ${preciseTime(atMs)}`
}

/** An instant to the millisecond in UTC, such as "17 Nov 2026, 17:54:06.218 UTC". */
export function preciseInstant(atMs: number): string {
  return `${exactDay.format(atMs)}, ${preciseTime(atMs)}\u00a0UTC`
}

/** An instant to the second in UTC, such as "17 Nov 2026, 17:54:03 UTC". */
export function instant(atMs: number): string {
  return `${exact.format(atMs)}\u00a0UTC`
}

/**
 * How long ago something was, or how soon it will be: "4 s ago", "26 min ago", "yesterday", "in 9 days". Further than a hundred
 * and twenty days, the date.
 */
export function relative(atMs: number, nowMs: number): string {
  // The time now is renewed each second, so what has just happened can be a little ahead of it.
  const isPast = atMs < nowMs + SECOND_MS
  const apartMs = isPast ? Math.max(0, nowMs - atMs) : atMs - nowMs
  // What is past is over for at least so long; what is to come is nearly so far.
  const whole = isPast ? Math.floor : Math.round
  const phrase = (unitMs: number, unit: string): string => {
    // A number and its unit stay on one line.
    const amount = `${whole(apartMs / unitMs)}\u00a0${unit}`
    return isPast ? `${amount} ago` : `in ${amount}`
  }
  if (apartMs < MINUTE_MS) return phrase(SECOND_MS, 's')
  if (apartMs < HOUR_MS) return phrase(MINUTE_MS, 'min')
  if (apartMs < DAY_MS) return phrase(HOUR_MS, 'h')
  const days = whole(apartMs / DAY_MS)
  if (days === 1) return isPast ? 'yesterday' : 'tomorrow'
  if (days <= 120) return phrase(DAY_MS, 'days')
  return day(atMs)
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}

/** The time until an instant as hh:mm:ss; more than 99 hours stay hours. */
export function countdown(leftMs: number): string {
  const seconds = Math.max(0, Math.ceil(leftMs / SECOND_MS))
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
}

/** A duration in its largest whole unit: "12 hours", "15 minutes". */
export function duration(seconds: number): string {
  const units = [
    [86_400, 'day'],
    [3_600, 'hour'],
    [60, 'minute'],
    [1, 'second'],
  ] as const
  const [length, unit] = units.find(([each]) => seconds >= each && seconds % each === 0) ?? [1, 'second']
  const amount = seconds / length
  return `${amount} ${unit}${amount === 1 ? '' : 's'}`
}
