import type { ReactNode } from 'react'
import classes from './empty.module.css'

interface EmptyProps {
  readonly title: string
  /** What to do next. */
  readonly children: ReactNode
}

/** What stands where a list has nothing yet: what belongs there, and the next step. */
export function Empty({ title, children }: EmptyProps) {
  return (
    <div className={classes.empty}>
      <h2>{title}</h2>
      {children}
    </div>
  )
}
