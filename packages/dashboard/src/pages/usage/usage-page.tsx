import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { count, share } from '../../format/numbers.ts'
import { usageQuery } from '../../data/usage/usage.ts'
import { groupsOf, totalOf } from '../../data/usage/usage-sums.ts'
import { Failure } from '../../parts/states/failure.tsx'
import { Icon } from '../../parts/icon.tsx'
import { InForce } from '../../parts/in-force.tsx'
import { Loaded } from '../../parts/states/loaded.tsx'
import { Note } from '../../parts/states/note.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { Section, SectionPage } from '../../parts/section.tsx'
import { RowsSkeleton } from '../../parts/states/skeleton.tsx'
import { Split } from '../../parts/split.tsx'
import { usePlace } from '../../shell/organization.ts'
import { t } from '../../texts/texts.ts'
import { useExportUsage } from './export-usage.ts'
import { GroupsTable } from './groups-table.tsx'
import { NoUsage } from './no-usage.tsx'
import type { UsageSearch } from './search.ts'
import { UsageChart } from './usage-chart.tsx'
import { UsageFilters, UsageTime } from './usage-filters.tsx'
import classes from './usage-page.module.css'
import { coarsely, timeOf } from './usage-time.ts'
import { useSearchChange } from '../../url/search-change.ts'

const ROWS = 7

/** How much the pipelines are called, by which callers, and what is refused. */
export function UsagePage() {
  const { organization, environment } = usePlace()
  const search = useSearch({ from: '/signed-in/organizations/$organization/usage' })
  const set = useSearchChange<UsageSearch>()
  const { by = 'code', period, from, to, interval, ...filters } = search
  const filter = { ...filters, environment }
  const name = [period, from, to, interval].join(' ')
  const at = (nowMs: number) => timeOf(search, nowMs)
  const series = useQuery(usageQuery(organization, name, at, filter))
  const groups = useQuery(
    usageQuery(organization, `${name} in all`, (nowMs) => coarsely(at(nowMs)), { ...filter, groupBy: by }),
  )
  const exported = useExportUsage(organization)
  const isFiltered = Object.keys(filters).length > 0
  const { force } = t.usage
  return (
    <Split panel={false}>
      <SectionPage>
        <PageHead title={t.usage.title}>
          <UsageTime search={search} onChange={set} />
          <Button
            leftSection={<Icon small name="download" />}
            title={t.usage.exportHint}
            loading={exported.isPending}
            onClick={() => exported.mutate({ period: at(Date.now()), filter: { ...filter, groupBy: by } })}
          >
            {t.usage.export}
          </Button>
        </PageHead>
        <InForce>
          <span>
            <strong>{force.counted}</strong>
          </span>
          <span>{force.kept}</span>
          <span>{force.utc}</span>
        </InForce>
        <UsageFilters search={search} by={by} onChange={set} />
        {exported.error !== null && <Failure error={exported.error} />}
        <Loaded query={series} skeleton={<RowsSkeleton rows={ROWS} />}>
          {(read) => {
            const total = totalOf(read.sums)
            const all = total.allowed + total.refused
            if (all === 0) return <NoUsage organization={organization} isFiltered={isFiltered} />
            return (
              <>
                <section aria-label={t.usage.over}>
                  <div className={classes.numbers}>
                    <span>
                      <b>{count(total.allowed)}</b> {t.usage.allowed}
                    </span>
                    <span>
                      <b>{count(total.refused)}</b> {t.usage.refused(share(total.refused, all))}
                    </span>
                  </div>
                  <UsageChart read={read} isOneReason={search.code !== undefined} />
                </section>
                <Section title={t.usage.sums(t.usage.groups[by])}>
                  <Loaded query={groups} skeleton={<RowsSkeleton rows={ROWS} />}>
                    {({ sums, isPartial }) => (
                      <>
                        {isPartial && (
                          <Note tone="warn" title={t.usage.partial}>
                            {t.usage.partialNext}
                          </Note>
                        )}
                        <GroupsTable key={by} by={by} groups={groupsOf(sums)} />
                      </>
                    )}
                  </Loaded>
                </Section>
              </>
            )
          }}
        </Loaded>
      </SectionPage>
    </Split>
  )
}
