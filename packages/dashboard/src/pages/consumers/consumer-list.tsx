import type { Consumer } from '@sallyport/sdk'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useMemo } from 'react'
import { DataTable } from '../../parts/table/data-table.tsx'
import { Loaded } from '../../parts/states/loaded.tsx'
import { RowsSkeleton } from '../../parts/states/skeleton.tsx'
import { usePlace } from '../../shell/organization.ts'
import { t } from '../../texts/texts.ts'
import { consumerColumns } from './consumer-columns.tsx'
import { fits } from './fits.ts'
import { consumersQuery } from './queries.ts'
import type { ConsumersSearch } from './search.ts'
import { EmptyList } from '../../parts/states/empty-list.tsx'

const ROWS = 12

interface ConsumerListProps {
  readonly organization: string
  readonly environment: string | undefined
  readonly search: ConsumersSearch
  readonly onOpen: (consumer: string) => void
}

/** The consumers that fit. While one is searched, all of them are read. */
export function ConsumerList({ organization, environment, search, onOpen }: ConsumerListProps) {
  const { may } = usePlace()
  const mayReadKeys = may('keys.read')
  const columns = useMemo(() => consumerColumns(organization, mayReadKeys), [organization, mayReadKeys])
  const list = useInfiniteQuery(consumersQuery(organization, environment))
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError } = list
  const isFiltered = search.search !== undefined || search.status !== undefined
  const readOn = (): void => {
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError) void list.fetchNextPage()
  }
  const onSearch = useEffectEvent(readOn)
  useEffect(() => {
    if (isFiltered && hasNextPage && !isFetchingNextPage) onSearch()
  }, [isFiltered, hasNextPage, isFetchingNextPage])
  return (
    <Loaded query={list} skeleton={<RowsSkeleton rows={ROWS} />}>
      {({ pages }) => {
        const all = pages.flatMap(({ items }) => items)
        const rows = isFiltered ? all.filter((consumer) => fits(consumer, search)) : all
        if (rows.length === 0 && (!isFiltered || !hasNextPage))
          return (
            <EmptyList
              words={t.consumers.empty}
              command={t.consumers.empty.command(organization)}
              isFiltered={isFiltered}
            />
          )
        const { found, loaded } = t.consumers
        return (
          <DataTable<Consumer>
            caption={t.consumers.caption(environment)}
            columns={columns}
            rows={rows}
            idOf={({ id }) => id}
            nameOf={({ name }) => name}
            openId={search.consumer}
            onOpen={({ id }) => onOpen(id)}
            onEnd={readOn}
            foot={isFiltered ? found(rows.length, all.length, hasNextPage) : loaded(rows.length, hasNextPage)}
          />
        )
      }}
    </Loaded>
  )
}
