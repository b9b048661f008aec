import { Tabs } from '../../../parts/tabs.tsx'
import { t } from '../../../texts/texts.ts'
import { type Tab, TABS } from '../address/search.ts'

interface PipelineTabsProps {
  readonly open: Tab
  readonly amounts: Readonly<Partial<Record<Tab, number>>>
}

/** The parts of the page of a pipeline. Which one is open stands in the URL. */
export function PipelineTabs({ open, amounts }: PipelineTabsProps) {
  return (
    <Tabs
      label={t.pipeline.tabsLabel}
      tabs={TABS.map((tab) => ({
        word: t.pipeline.tabs[tab],
        count: amounts[tab],
        isOpen: tab === open,
        to: { to: '.', search: (search) => ({ ...search, tab: tab === 'spec' ? undefined : tab }) },
      }))}
    />
  )
}
