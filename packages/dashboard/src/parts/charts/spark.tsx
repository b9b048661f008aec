import classes from './spark.module.css'

interface SparkProps {
  /** What is counted, from the oldest on. */
  readonly values: readonly number[]
  /** The same in words. */
  readonly label: string
}

const WIDTH = 80
const HEIGHT = 18
const EDGE = 1.5

/** More would lie closer than two pixels. */
const POINTS_MAX = 28

/** The sums of as many values as make a readable line of all of them; of what does not fill a sum, the oldest are left out. */
function thinned(values: readonly number[]): readonly number[] {
  const each = Math.max(1, Math.ceil(values.length / POINTS_MAX))
  const from = values.length % each
  return Array.from({ length: (values.length - from) / each }, (_, index) => {
    const start = from + index * each
    return values.slice(start, start + each).reduce((sum, value) => sum + value, 0)
  })
}

/** How much something was used, as a line as high as its row. */
export function Spark({ values, label }: SparkProps) {
  const points = thinned(values)
  const max = Math.max(0, ...points)
  const step = WIDTH / Math.max(1, points.length - 1)
  const high = (value: number): number => HEIGHT - EDGE - (value / max) * (HEIGHT - 2 * EDGE)
  const line = points
    .map((value, index) => `${(index * step).toFixed(1)} ${high(value).toFixed(1)}`)
    .join('L')
  return (
    <svg
      className={classes.spark}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {max === 0 ? (
        <path className={classes.none} d={`M0 ${HEIGHT - EDGE}H${WIDTH}`} />
      ) : (
        <path d={`M${line}`} />
      )}
    </svg>
  )
}
