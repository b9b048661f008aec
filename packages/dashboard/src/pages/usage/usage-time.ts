import { inIntervals, periodOf, type PeriodName } from '../../data/usage/periods.ts'
import { INTERVAL_MS, type Interval, type Period } from '../../data/usage/usage-sums.ts'
import { INTERVALS, type UsageSearch } from './search.ts'

/** The most intervals that the server reads at once. */
const INTERVALS_MAX = 3_000
/** Minutes are not kept for longer unless the operator says so. */
const MINUTES_DAYS_MAX = 2
const DAY_MS = INTERVAL_MS.day
/** Up to here, hours show more than days. */
const HOURS_DAYS_MAX = 14
export const DEFAULT_PERIOD: PeriodName = '7d'

type Time = Pick<UsageSearch, 'period' | 'from' | 'to' | 'interval'>

/** Whether the person chose days of their own. */
export function isOwnTime({ from, to }: Time): boolean {
  return from !== undefined && to !== undefined && from <= to
}

/** The time that the URL says, in the interval that it says, or in one that suits. */
export function timeOf(search: Time, nowMs: number): Period {
  const whole = wholeTimeOf(search, nowMs)
  const { interval } = search
  return interval !== undefined && intervalsOf(whole).includes(interval)
    ? inIntervals(whole, interval)
    : whole
}

function wholeTimeOf({ from, to, period = DEFAULT_PERIOD }: Time, nowMs: number): Period {
  if (from === undefined || to === undefined || from > to) return periodOf(period, nowMs)
  const fromMs = Date.parse(from)
  const toMs = Date.parse(to) + DAY_MS
  const interval = toMs - fromMs <= HOURS_DAYS_MAX * DAY_MS ? 'hour' : 'day'
  const days = { fromMs, toMs, interval } as const
  return intervalsOf(days).includes(interval) ? days : { ...days, fromMs: toMs - INTERVALS_MAX * DAY_MS }
}

/** The intervals in which a time can be shown. */
export function intervalsOf({ fromMs, toMs }: Pick<Period, 'fromMs' | 'toMs'>): readonly Interval[] {
  const spanMs = toMs - fromMs
  return INTERVALS.filter((interval) => {
    if (interval === 'minute' && spanMs > MINUTES_DAYS_MAX * DAY_MS) return false
    return spanMs / INTERVAL_MS[interval] <= INTERVALS_MAX && spanMs / INTERVAL_MS[interval] >= 2
  })
}

/** The longest intervals that are whole in a time: the fewest sums to read for a total. */
export function coarsely(period: Period): Period {
  const longest = INTERVALS.toReversed().find((interval) => {
    const lengthMs = INTERVAL_MS[interval]
    const isStart = period.fromMs % lengthMs === 0
    // The last interval may be one that has only begun.
    return isStart && (period.toMs - period.fromMs >= 2 * lengthMs || period.interval === interval)
  })
  return inIntervals(period, longest ?? period.interval)
}
