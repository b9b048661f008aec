import { Button } from '@mantine/core'
import type { Leak } from '@sallyport/sdk'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { covers } from '../../data/permissions.ts'
import { Absent } from '../../parts/absent.tsx'
import { InForce } from '../../parts/in-force.tsx'
import { PanelSection, SidePanel } from '../../parts/layers/side-panel.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { Section } from '../../parts/section.tsx'
import { Split } from '../../parts/split.tsx'
import { NothingFits } from '../../parts/states/empty-list.tsx'
import { Loaded } from '../../parts/states/loaded.tsx'
import { RowsSkeleton } from '../../parts/states/skeleton.tsx'
import { DataTable } from '../../parts/table/data-table.tsx'
import { useReadOn } from '../../parts/table/read-on.ts'
import { usePlace } from '../../shell/organization.ts'
import { t } from '../../texts/texts.ts'
import { useSearchChange } from '../../url/search-change.ts'
import { organizationQuery } from '../organization/queries.ts'
import { SetReaction } from './dialogs/set-reaction.tsx'
import { FindLeaks } from './find-leaks.tsx'
import classes from './leaks-page.module.css'
import { LEAK_COLUMNS } from './leak-columns.tsx'
import { LeakFilters } from './leak-filters.tsx'
import { LeakPanel } from './leak-panel.tsx'
import { leaksQuery } from './queries.ts'
import type { LeaksSearch } from './search.ts'

const ROWS = 6

/** Where secrets of keys were found in public, and what happens then. */
export function LeaksPage() {
  const { organization, environment, may, facts } = usePlace()
  const search = useSearch({ from: '/signed-in/organizations/$organization/leaks' })
  const set = useSearchChange<LeaksSearch>()
  const list = useInfiniteQuery(leaksQuery(organization, environment, search.key))
  const { data, hasNextPage, isFetching, fetchNextPage } = list
  const rows = useMemo(() => (data?.pages ?? []).flatMap(({ items }) => items), [data])
  const open = rows.find(({ id }) => id === search.leak)
  const isSought = search.leak !== undefined && open === undefined
  useReadOn(list, isSought ? 0 : rows.length)
  const { data: setting } = useQuery({
    ...organizationQuery(organization),
    enabled: may('organization.read'),
  })
  const { title, caption, force, reaction, empty, loaded, find } = t.leaks
  const close = (): void => set({ leak: undefined })
  return (
    <Split
      panel={
        (open !== undefined && (
          <LeakPanel key={open.id} organization={organization} shown={open} onClose={close} />
        )) ||
        (isSought && data !== undefined && !hasNextPage && <Gone onClose={close} />)
      }
    >
      <PageHead title={title}>
        {setting !== undefined && covers(facts.permissions, { permission: 'organization.write' }) && (
          <Button onClick={() => set({ dialog: 'reaction' })}>{reaction.open}</Button>
        )}
      </PageHead>
      <InForce>
        {setting !== undefined && (
          <span>
            <strong>{force[setting.onLeak]}</strong>
          </span>
        )}
        <span>{force.rule}</span>
      </InForce>
      <Loaded query={list} skeleton={<RowsSkeleton rows={ROWS} />}>
        {() => {
          if (rows.length === 0 && !hasNextPage && search.key === undefined && environment === undefined)
            return (
              <Section title={empty.title}>
                <p className={classes.lead}>{empty.text}</p>
                <FindLeaks organization={organization} />
              </Section>
            )
          return (
            <>
              <LeakFilters rows={rows} search={search} onChange={set} />
              {rows.length === 0 && !hasNextPage ? (
                <NothingFits title={empty.filteredTitle} text={empty.filteredText} clear={empty.clear} />
              ) : (
                <DataTable<Leak>
                  isTall
                  caption={caption}
                  columns={LEAK_COLUMNS}
                  rows={rows}
                  idOf={({ id }) => id}
                  nameOf={({ keyName }) => keyName}
                  openId={search.leak}
                  onOpen={({ id }) => set({ leak: id })}
                  onEnd={() => {
                    if (hasNextPage && !isFetching) void fetchNextPage()
                  }}
                  foot={loaded(rows.length, !hasNextPage)}
                />
              )}
              <Section title={find.title}>
                <FindLeaks organization={organization} />
              </Section>
            </>
          )
        }}
      </Loaded>
      {search.dialog === 'reaction' && setting !== undefined && (
        <SetReaction organization={organization} shown={setting} onClose={() => set({ dialog: undefined })} />
      )}
    </Split>
  )
}

/** Stands for a leak that is no longer kept. */
function Gone({ onClose }: { readonly onClose: () => void }) {
  const { title, text } = t.leaks.gone
  return (
    <SidePanel title={title} onClose={onClose}>
      <PanelSection label={title}>
        <Absent>{text}</Absent>
      </PanelSection>
    </SidePanel>
  )
}
