import { Button } from '@mantine/core'
import type { DecidedRequest } from '@sallyport/sdk'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { timeOfDay } from '../../format/times.ts'
import { DataTable } from '../../parts/table/data-table.tsx'
import { csvFile, download } from '../../parts/download.ts'
import { Icon } from '../../parts/icon.tsx'
import { InForce } from '../../parts/in-force.tsx'
import { Loaded } from '../../parts/states/loaded.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { RowsSkeleton } from '../../parts/states/skeleton.tsx'
import { Split } from '../../parts/split.tsx'
import { State } from '../../parts/state.tsx'
import { usePlace } from '../../shell/organization.ts'
import { t } from '../../texts/texts.ts'
import { requestsAsCsv } from './export-requests.ts'
import { NoRequests } from './no-requests.tsx'
import { outcomeWords } from './outcome-cell.tsx'
import { handleOf, isShown, requestsQuery } from './queries.ts'
import { requestColumns } from './request-columns.tsx'
import { RequestFilters } from './request-filters.tsx'
import { RequestPanel } from './request-panel.tsx'
import type { RequestsSearch } from './search.ts'
import { useReadOn } from '../../parts/table/read-on.ts'
import { useSearchChange } from '../../url/search-change.ts'

const ROWS = 12

/** The last requests: the page for "why did they get 403?". */
export function RequestsPage() {
  const { organization, environment } = usePlace()
  const search = useSearch({ from: '/signed-in/organizations/$organization/requests' })
  const [pausedAtMs, setPausedAtMs] = useState<number | null>(null)
  const set = useSearchChange<RequestsSearch>()
  const columns = useMemo(() => requestColumns(environment === undefined), [environment])
  const list = useInfiniteQuery(requestsQuery(organization, search, pausedAtMs === null))
  const { hasNextPage, isFetching, fetchNextPage, data } = list
  const rows = useMemo(
    () =>
      (data?.pages ?? [])
        .flatMap(({ items }) => items)
        .filter((request) => isShown(request, environment, search.outcome)),
    [data, environment, search.outcome],
  )
  useReadOn(list, rows.length)
  const { force } = t.requests
  return (
    <Split
      panel={
        search.open !== undefined && (
          <RequestPanel
            key={search.open}
            handle={search.open}
            listed={rows.find((request) => handleOf(request) === search.open)}
            onClose={() => set({ open: undefined })}
          />
        )
      }
    >
      <PageHead title={t.requests.title}>
        <State tone={pausedAtMs === null ? 'ok' : 'idle'} mark={pausedAtMs === null ? 'full' : 'bar'}>
          {pausedAtMs === null ? t.requests.live : t.requests.paused(timeOfDay(pausedAtMs))}
        </State>
        <Button onClick={() => setPausedAtMs(pausedAtMs === null ? Date.now() : null)}>
          {pausedAtMs === null ? t.requests.pause : t.requests.resume}
        </Button>
        {rows.length > 0 && (
          <Button
            leftSection={<Icon small name="download" />}
            title={t.requests.exportHint}
            onClick={() => download(t.requests.file(organization), csvFile(requestsAsCsv(rows)))}
          >
            {t.requests.export}
          </Button>
        )}
      </PageHead>
      <InForce>
        <span>
          <strong>{force.kept}</strong>
        </span>
        <span>{force.without}</span>
      </InForce>
      <RequestFilters search={search} rows={rows} onChange={set} />
      <Loaded query={list} skeleton={<RowsSkeleton rows={ROWS} />}>
        {() =>
          rows.length === 0 && hasNextPage ? (
            <RowsSkeleton rows={ROWS} />
          ) : rows.length === 0 ? (
            <NoRequests organization={organization} environment={environment} search={search} />
          ) : (
            <DataTable<DecidedRequest>
              caption={t.requests.caption(environment)}
              columns={columns}
              rows={rows}
              idOf={handleOf}
              nameOf={outcomeWords}
              openId={search.open}
              onOpen={(request) => set({ open: handleOf(request) })}
              onEnd={() => {
                if (hasNextPage && !isFetching) void fetchNextPage()
              }}
              foot={t.requests.loaded(rows.length, data?.pages[0]?.gateways ?? [], hasNextPage)}
            />
          )
        }
      </Loaded>
    </Split>
  )
}
