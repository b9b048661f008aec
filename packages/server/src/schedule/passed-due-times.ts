import { nextDueMs, type Timetable } from '@sallyport/core'

/** The most due times without a run that are counted. */
const MISSED_MAX = 1000

const DAY_MS = 24 * 60 * 60_000
/** How far back the newest due time is looked for: few times for a frequent schedule, and far enough for a rare one. */
const LOOKBACKS_MS = [DAY_MS / 24, DAY_MS, 32 * DAY_MS, 367 * DAY_MS, 41 * 366 * DAY_MS]

/**
 * The newest due time up to an instant, in ms since 1970.
 *
 * @param dueAtMs a due time up to the instant
 */
export function newestDueMs(timetable: Timetable, dueAtMs: number, nowMs: number): number {
  let newestMs = dueAtMs
  for (const lookbackMs of LOOKBACKS_MS) {
    let due = nextDueMs(timetable, Math.max(dueAtMs, nowMs - lookbackMs))
    if (due === null || due > nowMs) continue
    while (due !== null && due <= nowMs) {
      newestMs = due
      due = nextDueMs(timetable, due)
    }
    break
  }
  return newestMs
}

/** How many due times lie between two instants, at most `MISSED_MAX`. */
export function dueTimesBetween(timetable: Timetable, afterMs: number, beforeMs: number): number {
  let count = 0
  let due = nextDueMs(timetable, afterMs)
  while (due !== null && due < beforeMs && count < MISSED_MAX) {
    count += 1
    due = nextDueMs(timetable, due)
  }
  return count
}
