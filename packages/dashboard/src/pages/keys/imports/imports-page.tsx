import { Button } from '@mantine/core'
import type { ListedImport } from '@sallyport/sdk'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { quotasQuery } from '../../../data/quotas.ts'
import { Icon } from '../../../parts/icon.tsx'
import { InForce } from '../../../parts/in-force.tsx'
import { PageHead } from '../../../parts/page-head.tsx'
import { Split } from '../../../parts/split.tsx'
import { EmptyList } from '../../../parts/states/empty-list.tsx'
import { Loaded } from '../../../parts/states/loaded.tsx'
import { RowsSkeleton } from '../../../parts/states/skeleton.tsx'
import { DataTable } from '../../../parts/table/data-table.tsx'
import { usePlace } from '../../../shell/organization.ts'
import { t } from '../../../texts/texts.ts'
import { useSearchChange } from '../../../url/search-change.ts'
import { KeyTabs } from '../tabs/key-tabs.tsx'
import { importColumns } from './import-columns.tsx'
import { ImportPanel } from './import-panel.tsx'
import { NewImport } from './new/new-import.tsx'
import { importsQuery } from './queries.ts'
import classes from './imports-page.module.css'
import type { ImportsSearch } from './search.ts'
import { UploadNote } from './upload-note.tsx'

const ROWS = 6

/** Keys of tokens that another product has issued: the files that were sent, and what became of them. */
export function ImportsPage() {
  const { organization, may } = usePlace()
  const search = useSearch({ from: '/signed-in/organizations/$organization/keys/imports' })
  const set = useSearchChange<ImportsSearch>()
  const list = useInfiniteQuery(importsQuery(organization))
  const rows = useMemo(() => (list.data?.pages ?? []).flatMap(({ items }) => items), [list.data])
  const columns = useMemo(() => importColumns(organization), [organization])
  const begin = (): void => set({ form: 'new', import: undefined })
  const { imports } = t
  return (
    <Split
      panel={
        (search.form === 'new' && (
          <NewImport
            organization={organization}
            onClose={(id) => set({ form: undefined, ...(id !== undefined && { import: id }) })}
          />
        )) ||
        (search.import !== undefined && (
          <ImportPanel
            key={search.import}
            organization={organization}
            id={search.import}
            onClose={() => set({ import: undefined })}
          />
        ))
      }
    >
      <PageHead title={t.keys.title}>
        {may('keys.create') && (
          <Button
            // Not two filled buttons for one decision.
            variant={search.form === undefined ? 'filled' : 'default'}
            leftSection={<Icon small name="plus" />}
            onClick={begin}
          >
            {imports.begin}
          </Button>
        )}
      </PageHead>
      <Force organization={organization} />
      <KeyTabs />
      {search.form !== 'new' && <UploadNote organization={organization} onShow={begin} />}
      <Loaded query={list} skeleton={<RowsSkeleton rows={ROWS} />}>
        {() =>
          rows.length === 0 ? (
            <EmptyList
              words={imports.empty}
              command={imports.empty.command(organization)}
              isFiltered={false}
            />
          ) : (
            <div className={classes.list}>
              <DataTable<ListedImport>
                caption={imports.caption}
                columns={columns}
                rows={rows}
                idOf={({ id }) => id}
                nameOf={({ createdAt }) => imports.name(createdAt)}
                openId={search.import}
                onOpen={({ id }) => set({ import: id, form: undefined })}
                onEnd={() => {
                  if (list.hasNextPage && !list.isFetching) void list.fetchNextPage()
                }}
                foot={imports.loaded(rows.length, !list.hasNextPage)}
              />
            </div>
          )
        }
      </Loaded>
    </Split>
  )
}

/** What holds for imports, and how many keys still fit. */
function Force({ organization }: { readonly organization: string }) {
  const { may } = usePlace()
  const { data } = useQuery({ ...quotasQuery(organization), enabled: may('organization.read') })
  const { force } = t.imports
  return (
    <InForce>
      {data !== undefined && (
        <span>
          <strong>{force.room(Math.max(0, data.keys.limit - data.keys.used))}</strong>
        </span>
      )}
      <span>{force.tokens}</span>
      <span>{force.limits}</span>
    </InForce>
  )
}
