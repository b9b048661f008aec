import { Link, type LinkProps } from '@tanstack/react-router'
import { count } from '../format/numbers.ts'
import classes from './tabs.module.css'

export interface Tab {
  readonly word: string
  /** How many are behind it; undefined while that is not known. */
  readonly count?: number | undefined
  readonly to: LinkProps
}

/** Pages that belong together, side by side below their common title. */
export function Tabs({ label, tabs }: { readonly label: string; readonly tabs: readonly Tab[] }) {
  return (
    <nav className={classes.tabs} aria-label={label}>
      {tabs.map(({ word, count: behind, to }) => (
        <Link
          key={word}
          {...to}
          className={classes.tab}
          activeOptions={{ exact: true, includeSearch: false }}
          activeProps={{ 'aria-current': 'page' }}
        >
          {word}
          {behind !== undefined && <span className={classes.count}>{count(behind)}</span>}
        </Link>
      ))}
    </nav>
  )
}
