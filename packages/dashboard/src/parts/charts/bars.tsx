import classes from './bars.module.css'

interface BarsProps {
  /** How many conform. */
  readonly good: number
  /** How many would stop conforming. */
  readonly stopping?: number
  /** How many do not conform. */
  readonly bad: number
  /** The same in words. */
  readonly label: string
}

/** More than these are not drawn one by one. */
const BARS_MAX = 200

/** One bar for each deployment, like the bars of a gate. */
export function Bars({ good, stopping = 0, bad, label }: BarsProps) {
  const total = good + stopping + bad
  const scale = Math.min(1, BARS_MAX / Math.max(1, total))
  const drawn = (amount: number): number => (amount === 0 ? 0 : Math.max(1, Math.round(amount * scale)))
  const kinds = [
    ...Array.from({ length: drawn(good) }, () => 'good'),
    ...Array.from({ length: drawn(stopping) }, () => 'stopping'),
    ...Array.from({ length: drawn(bad) }, () => 'bad'),
  ].map((kind, index) => ({ kind, key: `${kind}-${index}` }))
  return (
    <div className={classes.bars} role="img" aria-label={label}>
      {kinds.map(({ kind, key }) => (
        <i key={key} data-kind={kind} />
      ))}
    </div>
  )
}
