import type { RateWindow } from '../pipelines/pipeline-spec.ts'

/** The most limits of one trigger or key: one for each window and way of counting. */
export const RATE_LIMITS_MAX = 10
/** The most requests that a limit can name. */
export const RATE_LIMIT_REQUESTS_MAX = 1_000_000_000

const SECOND_MS = 1000

/** The length of each window in ms. A month is 30 days: a limit needs a length, not a calendar. */
export const WINDOW_MS: Readonly<Record<RateWindow, number>> = {
  second: SECOND_MS,
  minute: 60 * SECOND_MS,
  hour: 3600 * SECOND_MS,
  day: 86_400 * SECOND_MS,
  month: 30 * 86_400 * SECOND_MS,
}
