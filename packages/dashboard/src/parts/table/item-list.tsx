import type { ReactNode } from 'react'
import classes from './item-list.module.css'

/** A short list in a panel, above hairlines. */
export function ItemList({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <ul className={classes.list} aria-label={label}>
      {children}
    </ul>
  )
}

interface ItemProps {
  /** What can be done with it, or a fact about it. */
  readonly end?: ReactNode
  readonly children: ReactNode
}

export function Item({ end, children }: ItemProps) {
  return (
    <li className={classes.item}>
      <div className={classes.what}>{children}</div>
      {end}
    </li>
  )
}
