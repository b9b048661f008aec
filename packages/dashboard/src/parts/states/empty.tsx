import type { ReactNode } from 'react'
import classes from './empty.module.css'

interface EmptyProps {
  readonly title: string
  /** A heading of the first level where nothing else is on the page. */
  readonly heading?: 'h1' | 'h2'
  /** What to do next. */
  readonly children: ReactNode
}

/** What stands where a list has nothing yet: what belongs there, and the next step. */
export function Empty({ title, heading: Heading = 'h2', children }: EmptyProps) {
  return (
    <div className={classes.empty}>
      <Heading>{title}</Heading>
      {children}
    </div>
  )
}
