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

/** How much something was used, as a line as high as its row. */
export function Spark({ values, label }: SparkProps) {
  const max = Math.max(0, ...values)
  const step = WIDTH / Math.max(1, values.length - 1)
  const high = (value: number): number => HEIGHT - EDGE - (value / max) * (HEIGHT - 2 * EDGE)
  const line = values
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
