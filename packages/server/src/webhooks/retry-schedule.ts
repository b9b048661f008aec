const SECOND_MS = 1000
/** Before the second attempt, in ms. */
const FIRST_DELAY_MS = 10 * SECOND_MS
const DELAY_MS_MAX = 3600 * SECOND_MS

/**
 * The pause before the next attempt, in ms: twice as long after each failure, up to an hour, less a random part of up to
 * a half. Receivers that failed together are thus not called together.
 *
 * @param failures at least 1
 * @param random from 0 to 1
 */
export function retryDelayMs(failures: number, random: number): number {
  const longestMs = Math.min(DELAY_MS_MAX, FIRST_DELAY_MS * 2 ** (failures - 1))
  return Math.round(longestMs * (1 - random / 2))
}
