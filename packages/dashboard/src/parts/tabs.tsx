import { Link, type LinkProps } from '@tanstack/react-router'
import classes from './tabs.module.css'

export interface Tab {
  readonly word: string
  /** How many things it shows, where that is known. */
  readonly count?: string | undefined
  readonly isOpen: boolean
  readonly to: LinkProps
}

// Only the tab that is open is current, whatever else the URL says.
const ACTIVE = { exact: true, includeSearch: true } as const

/** The parts of a page, each with an address of its own. */
export function Tabs({ label, tabs }: { readonly label: string; readonly tabs: readonly Tab[] }) {
  return (
    <nav className={classes.tabs} aria-label={label}>
      {tabs.map(({ word, count, isOpen, to }) => (
        <Link
          key={word}
          {...to}
          className={classes.tab}
          activeOptions={ACTIVE}
          aria-current={isOpen ? 'page' : undefined}
        >
          {word}
          {count !== undefined && <span className={classes.count}>{count}</span>}
        </Link>
      ))}
    </nav>
  )
}
