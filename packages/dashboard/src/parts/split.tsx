import type { ReactNode } from 'react'
import classes from './split.module.css'

interface SplitProps {
  /** Details beside the page; false for none. */
  readonly panel: ReactNode
  readonly children: ReactNode
}

/** The content of a page, with details beside it. */
export function Split({ panel, children }: SplitProps) {
  return (
    <div className={classes.split} data-open={panel !== false || undefined}>
      <main className={classes.work} id="work">
        {children}
      </main>
      {panel}
    </div>
  )
}
