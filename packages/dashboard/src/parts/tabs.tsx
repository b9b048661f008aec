import { Link, type LinkProps } from '@tanstack/react-router'
import { count } from '../format/numbers.ts'
import classes from './tabs.module.css'

export interface Tab {
  readonly word: string
  /** How many things it shows; undefined while that is not known. */
  readonly count?: number | undefined
  /** Whether it is open, where its address is that of the page; by its path unless given. */
  readonly isOpen?: boolean
  readonly to: LinkProps
}

/** The parts of a page, each with an address of its own. */
export function Tabs({ label, tabs }: { readonly label: string; readonly tabs: readonly Tab[] }) {
  return (
    <nav className={classes.tabs} aria-label={label}>
      {tabs.map(({ word, count: amount, isOpen, to }) => (
        <Link
          key={word}
          {...to}
          className={classes.tab}
          // Only the tab that is open is current, whatever else the URL says.
          activeOptions={{ exact: true, includeSearch: isOpen !== undefined }}
          {...(isOpen === true && { 'aria-current': 'page' })}
        >
          {word}
          {amount !== undefined && <span className={classes.count}>{count(amount)}</span>}
        </Link>
      ))}
    </nav>
  )
}
