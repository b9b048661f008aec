/** Some measurements of one thing: the middle one, and how far the rest lie apart. */
export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
  readonly count: number
}

/** @throws RangeError for no values at all */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((left, right) => left - right)
  const [min] = sorted
  const max = sorted.at(-1)
  if (min === undefined || max === undefined) throw new RangeError('no measurements to summarize')
  return { median: percentileOf(sorted, 50), min, max, count: sorted.length }
}

/**
 * The value below which that share of the values lies, between two of them where none is exactly there.
 *
 * @param sorted in rising order
 * @param percent 0 to 100
 */
export function percentileOf(sorted: ArrayLike<number>, percent: number): number {
  if (sorted.length === 0) throw new RangeError('no measurements to summarize')
  const place = ((sorted.length - 1) * percent) / 100
  const below = sorted[Math.floor(place)] ?? 0
  const above = sorted[Math.ceil(place)] ?? below
  return below + (above - below) * (place - Math.floor(place))
}
