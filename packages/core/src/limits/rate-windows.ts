import type { RateWindow } from '../pipelines/pipeline-spec.ts'

/** The most rate limits of one trigger or key: one for each window and each value of `by`. */
export const RATE_LIMITS_MAX = 10
/** The most requests that a rate limit can allow in its window. */
export const RATE_LIMIT_REQUESTS_MAX = 1_000_000_000

const SECOND_MS = 1000

/** The length of each window in milliseconds. A month is 30 days, because a limit needs a fixed length. */
export const WINDOW_MS: Readonly<Record<RateWindow, number>> = {
  second: SECOND_MS,
  minute: 60 * SECOND_MS,
  hour: 3600 * SECOND_MS,
  day: 86_400 * SECOND_MS,
  month: 30 * 86_400 * SECOND_MS,
}
