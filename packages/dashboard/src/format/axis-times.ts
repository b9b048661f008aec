const LOCALE = 'en-GB'
const DAY_MS = 86_400_000

function formatter(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(LOCALE, { ...options, timeZone: 'UTC' })
}

const time = formatter({ hour: '2-digit', minute: '2-digit' })
const weekday = formatter({ weekday: 'short', day: 'numeric' })
const date = formatter({ day: 'numeric', month: 'short' })
const exactTime = formatter({ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' })
const exactDate = formatter({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' })

/**
 * How the times of a chart are named, in UTC: as short as its span allows on the axis, and exactly where one is pointed at.
 *
 * @param spanMs from the first to the last time, in ms
 * @param isDays whether each time stands for a whole day
 */
export function axisTimes(spanMs: number, isDays: boolean): (atMs: number, isExact: boolean) => string {
  return (atMs, isExact) => {
    if (isExact) return isDays ? exactDate.format(atMs) : `${exactTime.format(atMs)} UTC`
    if (spanMs <= 2 * DAY_MS) return time.format(atMs)
    return (spanMs <= 8 * DAY_MS ? weekday : date).format(atMs)
  }
}
