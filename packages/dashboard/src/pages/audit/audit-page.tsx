import type { AuditEvent } from '@sallyport/sdk'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { DataTable } from '../../parts/table/data-table.tsx'
import { InForce } from '../../parts/in-force.tsx'
import { Loaded } from '../../parts/states/loaded.tsx'
import { Note } from '../../parts/states/note.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { RowsSkeleton } from '../../parts/states/skeleton.tsx'
import { Split } from '../../parts/split.tsx'
import { State } from '../../parts/state.tsx'
import { usePlace } from '../../shell/organization.ts'
import { t } from '../../texts/texts.ts'
import { AuditFilters } from './audit-filters.tsx'
import { type Chain, chainOf } from './chain.ts'
import { eventColumns } from './event-columns.tsx'
import { EventPanel } from './event-panel.tsx'
import { subjectOf } from './event-words.ts'
import { ExportEvents } from './export-events.tsx'
import { NoEvents } from './no-events.tsx'
import { auditKeyQuery, eventsQuery, isFiltered } from './queries.ts'
import type { AuditSearch } from './search.ts'
import { useReadOn } from '../../parts/table/read-on.ts'
import { useSearchChange } from '../../url/search-change.ts'

const ROWS = 12

/** Every change in the organization. */
export function AuditPage() {
  const { organization } = usePlace()
  const search = useSearch({ from: '/signed-in/organizations/$organization/audit' })
  const set = useSearchChange<AuditSearch>()
  const columns = useMemo(() => eventColumns(organization), [organization])
  const list = useInfiniteQuery(eventsQuery(organization, search))
  const { data, hasNextPage, isFetching, fetchNextPage } = list
  const rows = useMemo(() => (data?.pages ?? []).flatMap(({ items }) => items), [data])
  useReadOn(list, rows.length)
  const chain = isFiltered(search) ? null : chainOf(rows)
  return (
    <Split
      panel={
        search.event !== undefined && (
          <EventPanel
            key={search.event}
            sequence={search.event}
            listed={rows.find(({ sequence }) => sequence === search.event)}
            onClose={() => set({ event: undefined })}
          />
        )
      }
    >
      <PageHead title={t.audit.title}>
        <ExportEvents organization={organization} search={search} />
      </PageHead>
      <AuditForce />
      <AuditFilters search={search} onChange={set} />
      {chain !== null && chain.brokenAt !== null && (
        <Note tone="bad" role="alert" title={t.audit.chain.broken(chain.brokenAt)}>
          {t.audit.chain.brokenNext}
        </Note>
      )}
      <Loaded query={list} skeleton={<RowsSkeleton rows={ROWS} />}>
        {() =>
          rows.length === 0 && !hasNextPage ? (
            <NoEvents />
          ) : (
            <DataTable<AuditEvent>
              caption={t.audit.caption}
              columns={columns}
              rows={rows}
              idOf={({ sequence }) => String(sequence)}
              nameOf={subjectOf}
              openId={search.event === undefined ? undefined : String(search.event)}
              onOpen={({ sequence }) => set({ event: sequence })}
              onEnd={() => {
                if (hasNextPage && !isFetching) void fetchNextPage()
              }}
              foot={
                <>
                  <span>{t.audit.loaded(rows.length, !hasNextPage)}</span>
                  <WholeChain chain={chain} />
                </>
              }
            />
          )
        }
      </Loaded>
    </Split>
  )
}

function WholeChain({ chain }: { readonly chain: Chain | null }) {
  if (chain === null || chain.brokenAt !== null) return null
  return <State tone="ok">{t.audit.chain.whole(chain.first, chain.last)}</State>
}

/** How many characters of a fingerprint tell one key from another for people. */
const FINGERPRINT_CHARS = 16

function AuditForce() {
  const { data: key } = useQuery(auditKeyQuery)
  const { force } = t.audit
  return (
    <InForce>
      <span>
        <strong>{force.kept}</strong>
      </span>
      <span>{force.chained}</span>
      {key != null && <span>{force.signed(key.fingerprint.slice(0, FINGERPRINT_CHARS))}</span>}
    </InForce>
  )
}
