/** Steps of an axis that people read at a glance, in each power of ten. */
const STEPS = [1, 1.5, 2, 2.5, 3, 5, 6, 8, 10] as const

/**
 * The end of an axis: the next round number that its parts divide evenly into whole ones.
 *
 * @param parts how many parts the axis has
 */
export function axisEnd(max: number, parts: number): number {
  const need = Math.max(1, max) / parts
  const power = 10 ** Math.floor(Math.log10(need))
  const step = STEPS.map((each) => each * power).find((each) => each >= need && Number.isInteger(each))
  return (step ?? Math.ceil(need)) * parts
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const TICK_MS = [
  5 * 60_000,
  10 * 60_000,
  30 * 60_000,
  HOUR_MS,
  3 * HOUR_MS,
  6 * HOUR_MS,
  12 * HOUR_MS,
  DAY_MS,
  2 * DAY_MS,
  7 * DAY_MS,
  14 * DAY_MS,
  28 * DAY_MS,
  84 * DAY_MS,
] as const

/** The times that an axis names, in ms since 1970: at most `ticksMax`, on whole minutes, hours and days of UTC. */
export function timeTicks(fromMs: number, toMs: number, ticksMax: number): readonly number[] {
  const spanMs = toMs - fromMs
  // From two days on, an axis names days, so shorter steps would name some twice.
  const leastMs = spanMs > 2 * DAY_MS ? DAY_MS : 0
  const stepMs = TICK_MS.find((each) => each >= leastMs && spanMs / each <= ticksMax) ?? spanMs
  // Longer steps count from the first whole day on, so that every axis has one near its start.
  const wholeMs = Math.min(stepMs, DAY_MS)
  const first = Math.ceil(fromMs / wholeMs) * wholeMs
  return Array.from(
    { length: Math.max(0, Math.ceil((toMs - first) / stepMs)) },
    (_, index) => first + index * stepMs,
  )
}
