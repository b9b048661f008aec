import { Button } from '@mantine/core'
import type { ListedKey } from '@sallyport/sdk'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { keyAgeQuery } from '../../data/environments.ts'
import { DataTable, type Order } from '../../parts/table/data-table.tsx'
import { Icon } from '../../parts/icon.tsx'
import { InForce } from '../../parts/in-force.tsx'
import { Loaded } from '../../parts/states/loaded.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { RowsSkeleton } from '../../parts/states/skeleton.tsx'
import { Split } from '../../parts/split.tsx'
import { usePlace } from '../../shell/organization.ts'
import { t } from '../../texts/texts.ts'
import { type BulkAction, BulkActions } from './bulk/bulk-actions.tsx'
import { ChangeKeys } from './bulk/change-keys.tsx'
import { RollKeys } from './bulk/roll-keys.tsx'
import { CreateKey } from './create/create-key.tsx'
import { LookUpKey } from './dialogs/look-up-key.tsx'
import { ExportKeys } from './export-keys.tsx'
import { keyColumns } from './key-columns.tsx'
import { KeyFilters } from './key-filters.tsx'
import { KeyPanel } from './key-panel.tsx'
import { keysQuery } from './queries.ts'
import { KeyTabs } from './tabs/key-tabs.tsx'
import { isFiltered, type KeysSearch } from './search.ts'
import { useReadOn } from '../../parts/table/read-on.ts'
import { useSearchChange } from '../../url/search-change.ts'
import { EmptyList } from '../../parts/states/empty-list.tsx'

const ROWS = 12

/** What is being done with several keys. */
interface Bulk {
  readonly action: BulkAction
  readonly selected: readonly ListedKey[]
  /** Ends the selection. */
  readonly clear: () => void
}

/** The keys of the organization: a list that answers questions, and the details of one. */
export function KeysPage() {
  const { organization, environment, may } = usePlace()
  const search = useSearch({ from: '/signed-in/organizations/$organization/keys' })
  const set = useSearchChange<KeysSearch>()
  const columns = useMemo(() => keyColumns(organization), [organization])
  const list = useInfiniteQuery(keysQuery(organization, environment, search))
  const rows = useMemo(() => (list.data?.pages ?? []).flatMap(({ items }) => items), [list.data])
  useReadOn(list, rows.length)
  const open = (key: string | undefined): void => set({ key })
  const [bulk, setBulk] = useState<Bulk>()
  const endBulk = (isDone: boolean): void => {
    setBulk(undefined)
    if (isDone) bulk?.clear()
  }
  return (
    <Split
      panel={
        search.key !== undefined && (
          <KeyPanel
            key={search.key}
            organization={organization}
            id={search.key}
            onClose={() => open(undefined)}
          />
        )
      }
    >
      <PageHead title={t.keys.title}>
        <Button
          variant="subtle"
          leftSection={<Icon small name="search" />}
          onClick={() => set({ dialog: 'look-up' })}
        >
          {t.keys.lookUp.action}
        </Button>
        <ExportKeys organization={organization} environment={environment} search={search} />
        {may('keys.create') && (
          <Button
            renderRoot={(props) => (
              <Link
                to="/organizations/$organization/keys/imports"
                params={{ organization }}
                search={{ form: 'new' }}
                {...props}
              />
            )}
          >
            {t.imports.open}
          </Button>
        )}
        {may('keys.create') && (
          <Button
            variant="filled"
            leftSection={<Icon small name="plus" />}
            onClick={() => set({ dialog: 'create' })}
          >
            {t.keys.create}
          </Button>
        )}
      </PageHead>
      <KeyAge organization={organization} environment={environment} />
      <KeyTabs />
      <KeyFilters organization={organization} search={search} onChange={set} />
      <Loaded query={list} skeleton={<RowsSkeleton rows={ROWS} />}>
        {({ pages }) => {
          const [first] = pages
          if (rows.length === 0 && list.hasNextPage) return <RowsSkeleton rows={ROWS} />
          if (rows.length === 0)
            return (
              <EmptyList
                words={t.keys.empty}
                command={t.keys.empty.command(organization)}
                isFiltered={isFiltered(search)}
              />
            )
          return (
            <DataTable<ListedKey>
              caption={t.keys.caption(environment)}
              columns={columns}
              rows={rows}
              idOf={({ id }) => id}
              nameOf={({ name }) => name}
              openId={search.key}
              onOpen={({ id }) => open(id)}
              order={orderOf(search.sort ?? '-lastUsedAt')}
              onOrder={({ by, isDescending }) =>
                set({ sort: `${isDescending ? '-' : ''}${by}` as NonNullable<KeysSearch['sort']> })
              }
              actions={(selected, clear) => (
                <BulkActions onAction={(action) => setBulk({ action, selected, clear })} onClear={clear} />
              )}
              onEnd={() => {
                if (list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage()
              }}
              foot={t.keys.loaded(rows.length, first?.total ?? rows.length, first?.totalIsExact ?? true)}
            />
          )
        }}
      </Loaded>
      {search.dialog === 'create' && (
        <CreateKey
          organization={organization}
          environment={environment}
          consumer={environment === undefined ? undefined : search.consumer}
          onClose={(key) => set({ dialog: undefined, ...(key !== undefined && { key }) })}
        />
      )}
      {bulk?.action === 'roll' && (
        <RollKeys organization={organization} selected={bulk.selected} onClose={endBulk} />
      )}
      {bulk !== undefined && bulk.action !== 'roll' && (
        <ChangeKeys
          organization={organization}
          change={bulk.action}
          selected={bulk.selected}
          onClose={endBulk}
        />
      )}
      {search.dialog === 'look-up' && (
        <LookUpKey
          organization={organization}
          onClose={(key) => set({ dialog: undefined, ...(key !== undefined && { key }) })}
        />
      )}
    </Split>
  )
}

function orderOf(sort: string): Order {
  return sort.startsWith('-') ? { by: sort.slice(1), isDescending: true } : { by: sort, isDescending: false }
}

interface KeyAgeProps {
  readonly organization: string
  readonly environment: string | undefined
}

/** What holds now for the age of keys. */
function KeyAge({ organization, environment }: KeyAgeProps) {
  const { data } = useQuery(keyAgeQuery(organization, environment))
  const { force } = t.keys
  return (
    <InForce>
      {data !== undefined && (
        <>
          <span>
            <strong>{force.reminder(data.rotationReminderDays)}</strong>,{' '}
            {force.lifetime(data.maxLifetimeDays)}
          </span>
          <span>{force.policy(environment, data.version)}</span>
        </>
      )}
    </InForce>
  )
}
