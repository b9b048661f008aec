import { INTERVAL_MS, lastIntervals, type Period } from './usage-sums.ts'

export const PERIODS = ['60m', '24h', '7d', '30d', '90d'] as const
export type PeriodName = (typeof PERIODS)[number]

/** Whole days of UTC up to the hour that it is, so that its sums are the same by hours and by days. */
function days(nowMs: number, count: number): Period {
  const { fromMs } = lastIntervals(nowMs, 'day', count)
  const { toMs } = lastIntervals(nowMs, 'hour', 1)
  return { fromMs, toMs, interval: 'hour' }
}

/** What the name of a period means at a time in ms since 1970. */
export function periodOf(name: PeriodName, nowMs: number): Period {
  switch (name) {
    case '60m':
      return lastIntervals(nowMs, 'minute', 60)
    case '24h':
      return lastIntervals(nowMs, 'hour', 24)
    case '7d':
      return days(nowMs, 7)
    case '30d':
      return lastIntervals(nowMs, 'day', 30)
    case '90d':
      return lastIntervals(nowMs, 'day', 90)
  }
}

/** The same time in intervals of another length, which are whole in it. */
export function inIntervals(period: Period, interval: Period['interval']): Period {
  const lengthMs = INTERVAL_MS[interval]
  return {
    fromMs: Math.floor(period.fromMs / lengthMs) * lengthMs,
    toMs: Math.ceil(period.toMs / lengthMs) * lengthMs,
    interval,
  }
}
