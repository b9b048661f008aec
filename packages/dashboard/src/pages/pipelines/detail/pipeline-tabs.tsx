import { Link } from '@tanstack/react-router'
import { count } from '../../../format/numbers.ts'
import { t } from '../../../texts/texts.ts'
import classes from './pipeline-tabs.module.css'
import { type Tab, TABS } from './search.ts'

interface PipelineTabsProps {
  readonly open: Tab
  readonly amounts: Readonly<Partial<Record<Tab, number>>>
}

/** The parts of the page of a pipeline. Which one is open stands in the URL. */
export function PipelineTabs({ open, amounts }: PipelineTabsProps) {
  return (
    <nav className={classes.tabs} aria-label={t.pipeline.tabsLabel}>
      {TABS.map((tab) => (
        <Link
          key={tab}
          to="."
          search={(search) => ({ ...search, tab: tab === 'spec' ? undefined : tab })}
          className={classes.tab}
          activeOptions={{ exact: true, explicitUndefined: true }}
          aria-current={tab === open ? 'page' : undefined}
        >
          {t.pipeline.tabs[tab]}
          {amounts[tab] !== undefined && <span className={classes.count}>{count(amounts[tab])}</span>}
        </Link>
      ))}
    </nav>
  )
}
