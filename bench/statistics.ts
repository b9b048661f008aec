/** A summary of repeated measurements. */
export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
  readonly count: number
}

/** @throws RangeError for an empty list */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((left, right) => left - right)
  const [min] = sorted
  const max = sorted.at(-1)
  if (min === undefined || max === undefined) throw new RangeError('no measurements to summarize')
  return { median: percentileOf(sorted, 50), min, max, count: sorted.length }
}

/**
 * The given percentile, interpolated between the two nearest values.
 *
 * @param sorted values in ascending order
 * @param percent 0 to 100
 * @throws RangeError for an empty list
 */
export function percentileOf(sorted: ArrayLike<number>, percent: number): number {
  if (sorted.length === 0) throw new RangeError('no measurements to summarize')
  const position = ((sorted.length - 1) * percent) / 100
  const below = sorted[Math.floor(position)] ?? 0
  const above = sorted[Math.ceil(position)] ?? below
  return below + (above - below) * (position - Math.floor(position))
}
