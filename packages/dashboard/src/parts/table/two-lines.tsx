import type { ReactNode } from 'react'
import classes from './two-lines.module.css'

interface TwoLinesProps {
  readonly children: ReactNode
  /** The second line, smaller. */
  readonly below: ReactNode
  /** Whether the second line leaves a narrow list. */
  readonly isWide?: boolean
}

/** A cell of a list whose rows have two lines. */
export function TwoLines({ children, below, isWide }: TwoLinesProps) {
  return (
    <>
      {children}
      <span className={classes.below} data-wide={isWide}>
        {below}
      </span>
    </>
  )
}
