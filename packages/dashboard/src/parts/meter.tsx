import classes from './meter.module.css'

interface MeterProps {
  readonly label: string
  /** How far it is, in words. */
  readonly words: string
  readonly done: number
  /** The part of what is done that was refused. */
  readonly refused?: number
  readonly all: number
}

/** How far something is that takes a while. */
export function Meter({ label, words, done, refused = 0, all }: MeterProps) {
  const width = (part: number): string => `${all === 0 ? 0 : Math.min(100, (100 * part) / all)}%`
  return (
    <div
      className={classes.meter}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={all}
      aria-valuenow={Math.min(done, all)}
      aria-valuetext={words}
    >
      <div className={classes.done} style={{ width: width(done - refused) }} />
      <div className={classes.refused} style={{ width: width(refused) }} />
    </div>
  )
}
