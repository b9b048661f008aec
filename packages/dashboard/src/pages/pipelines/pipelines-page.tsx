import { Button } from '@mantine/core'
import { useInfiniteQuery, useQueries, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useMemo } from 'react'
import { environmentsQuery } from '../../data/environments.ts'
import { projectsQuery } from '../../data/projects.ts'
import { conformityQuery, liveDeploymentsQuery, pipelinesQuery } from './data/queries.ts'
import { DataTable } from '../../parts/table/data-table.tsx'
import { FilterBar } from '../../parts/table/filter-bar.tsx'
import { Icon } from '../../parts/icon.tsx'
import { Loaded, together } from '../../parts/states/loaded.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { RowsSkeleton } from '../../parts/states/skeleton.tsx'
import { Split } from '../../parts/split.tsx'
import { usePlace } from '../../shell/organization.ts'
import { t } from '../../texts/texts.ts'
import { CreatePipeline } from './create/create-pipeline.tsx'
import { pipelineColumns } from './pipeline-columns.tsx'
import { PoliciesInForce } from './policies-in-force.tsx'
import { fittingRows, pipelineRows, type PipelineRow } from './rows.ts'
import { CONFORMITIES, type PipelinesSearch } from './search.ts'
import { useSearchChange } from '../../url/search-change.ts'
import { EmptyList } from '../../parts/states/empty-list.tsx'

const ROWS = 12
const NO_NAMES: readonly string[] = []

/** The pipelines of the organization, and which version is live where. */
export function PipelinesPage() {
  const { organization, environment, may } = usePlace()
  const search = useSearch({ from: '/signed-in/organizations/$organization/pipelines' })
  const navigate = useNavigate()
  const set = useSearchChange<PipelinesSearch>()
  const environments = useQuery(environmentsQuery(organization)).data?.map(({ name }) => name) ?? NO_NAMES
  const shownPlaces = environment === undefined ? environments : [environment]
  const mayJudge = may('policies.read')
  const list = useInfiniteQuery(pipelinesQuery(organization, search.project))
  const live = useQuery(liveDeploymentsQuery(organization))
  const conformity = useQueries({
    queries: mayJudge ? shownPlaces.map((place) => conformityQuery(organization, place)) : [],
    combine: (results) => results.flatMap(({ data }) => data ?? []),
  })
  // The server does not search pipelines, so all of them are read, and the list is searched here.
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])
  const places = shownPlaces.join()
  const columns = useMemo(
    () => pipelineColumns(organization, places === '' ? NO_NAMES : places.split(',')),
    [organization, places],
  )
  const { sort = 'name' } = search
  return (
    <Split panel={false}>
      <PageHead title={t.pipelines.title}>
        {may('pipelines.write') && (
          <Button
            variant="filled"
            leftSection={<Icon small name="plus" />}
            onClick={() => set({ dialog: 'create' })}
          >
            {t.pipelines.create}
          </Button>
        )}
      </PageHead>
      {mayJudge && <PoliciesInForce organization={organization} environments={shownPlaces} />}
      <PipelineFilters organization={organization} search={search} onChange={set} />
      <Loaded query={together(list, live)} skeleton={<RowsSkeleton rows={ROWS} />}>
        {([{ pages }, deployments]) => {
          const rows = pipelineRows({
            pipelines: pages.flatMap(({ items }) => items),
            deployments: deployments.filter(
              (each) => environment === undefined || each.environment === environment,
            ),
            conformity,
          })
          const shown = fittingRows(rows, search)
          if (shown.length === 0) {
            const isFiltered = rows.length > 0 || search.project !== undefined
            return (
              <EmptyList
                words={t.pipelines.empty}
                command={t.pipelines.empty.command(organization)}
                isFiltered={isFiltered}
              />
            )
          }
          return (
            <DataTable<PipelineRow>
              caption={t.pipelines.caption(environment)}
              columns={columns}
              rows={shown}
              idOf={({ name }) => name}
              nameOf={({ name }) => name}
              onOpen={({ name }) =>
                void navigate({
                  to: '/organizations/$organization/pipelines/$pipeline',
                  params: { organization, pipeline: name },
                })
              }
              order={{ by: sort.replace('-', ''), isDescending: sort.startsWith('-') }}
              onOrder={({ by, isDescending }) =>
                set({ sort: `${isDescending ? '-' : ''}${by}` as NonNullable<PipelinesSearch['sort']> })
              }
              foot={t.pipelines.shown(shown.length, rows.length)}
            />
          )
        }}
      </Loaded>
      {search.dialog === 'create' && (
        <CreatePipeline
          organization={organization}
          onClose={(made) => {
            if (made === undefined) set({ dialog: undefined })
            else {
              void navigate({
                to: '/organizations/$organization/pipelines/$pipeline',
                params: { organization, pipeline: made },
              })
            }
          }}
        />
      )}
    </Split>
  )
}

interface PipelineFiltersProps {
  readonly organization: string
  readonly search: PipelinesSearch
  readonly onChange: (change: Partial<PipelinesSearch>) => void
}

function PipelineFilters({ organization, search, onChange }: PipelineFiltersProps) {
  const { data: projects = [] } = useQuery(projectsQuery(organization))
  const { filters, conformities } = t.pipelines
  return (
    <FilterBar
      search={{ label: t.pipelines.searchLabel, hint: t.pipelines.searchHint, value: search.search }}
      onSearch={(text) => onChange({ search: text })}
      filters={[
        {
          name: 'project',
          word: filters.project,
          choices: projects.map(({ name }) => ({ value: name, word: name })),
          value: search.project,
        },
        {
          name: 'conforming',
          word: filters.conforming,
          choices: CONFORMITIES.map((value) => ({ value, word: conformities[value] })),
          value: search.conforming,
        },
      ]}
      onFilter={(name, value) => onChange({ [name]: value })}
    />
  )
}
