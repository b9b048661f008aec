import { Button } from '@mantine/core'
import type { ListedDeployment, Pipeline } from '@sallyport/sdk'
import { useQueries, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { environmentsQuery } from '../../../data/environments.ts'
import { Absent } from '../../../parts/absent.tsx'
import { DataTable } from '../../../parts/table/data-table.tsx'
import { Empty } from '../../../parts/states/empty.tsx'
import { Loaded } from '../../../parts/states/loaded.tsx'
import { RowsSkeleton } from '../../../parts/states/skeleton.tsx'
import text from '../../../parts/text.module.css'
import { usePlace } from '../../../shell/organization.ts'
import { t } from '../../../texts/texts.ts'
import { CLOSED } from '../address/search.ts'
import { usePipelineSearch } from '../address/use-pipeline-search.ts'
import { conformityQuery, historyQuery, versionsQuery } from '../data/queries.ts'
import { hasCallers } from '../maintenance/maintenance-spec.ts'
import { ScheduleRuns } from '../schedule/schedule-runs.tsx'
import classes from './deployments-tab.module.css'
import { historyColumns } from './history-columns.tsx'
import { LiveDeployment } from './live-deployment.tsx'

interface DeploymentsTabProps {
  readonly organization: string
  readonly shown: Pipeline
}

/** What is live of a pipeline, and what was. */
export function DeploymentsTab({ organization, shown }: DeploymentsTabProps) {
  const query = useQuery(historyQuery(organization, shown.name))
  return (
    <Loaded query={query} skeleton={<RowsSkeleton rows={6} />}>
      {(history) => <Deployments organization={organization} shown={shown} all={history} />}
    </Loaded>
  )
}

interface DeploymentsProps extends DeploymentsTabProps {
  readonly all: readonly ListedDeployment[]
}

function Deployments({ organization, shown, all }: DeploymentsProps) {
  const { environment: only, may } = usePlace()
  const { data: environments = [] } = useQuery(environmentsQuery(organization))
  const places = environments.map(({ name }) => name).filter((name) => only === undefined || name === only)
  const conforming = useConforming(organization, may('policies.read') ? places : [])
  const history = all.filter(({ environment }) => only === undefined || environment === only)
  const live = all.filter(({ endedAt }) => endedAt === null)
  const { data: versions = [] } = useQuery(versionsQuery(organization, shown.name))
  const specOf = (wanted: string): unknown => versions.find(({ version }) => version === wanted)?.spec
  const columns = useMemo(() => historyColumns(organization), [organization])
  const words = t.pipeline.deployments
  return (
    <>
      <section className={classes.section} aria-label={words.live}>
        <h2>{words.live}</h2>
        {places.map((place) => {
          const here = live.filter(({ environment }) => environment === place)
          return (
            <div key={place} className={classes.place}>
              <h3>{place}</h3>
              {here.length === 0 ? (
                <Absent>{words.notLive}</Absent>
              ) : (
                here.map((deployment) => (
                  <LiveDeployment
                    key={deployment.id}
                    deployment={deployment}
                    history={all}
                    next={environments[environments.findIndex(({ name }) => name === place) + 1]?.name}
                    isConforming={conforming.get(deployment.id)}
                    spec={specOf(deployment.version)}
                  />
                ))
              )}
            </div>
          )
        })}
      </section>
      {places
        .filter((place) =>
          live.some(({ environment, version }) => environment === place && isSchedule(specOf(version))),
        )
        .map((place) => (
          <section key={place} className={classes.section} aria-label={t.scheduleRuns.title(place)}>
            <h2>{t.scheduleRuns.title(place)}</h2>
            <ScheduleRuns organization={organization} pipeline={shown.name} environment={place} />
          </section>
        ))}
      <section className={classes.section} aria-label={words.history}>
        <h2>{words.history}</h2>
        {history.length === 0 ? (
          <Empty title={words.empty}>
            <p>{words.emptyNext}</p>
          </Empty>
        ) : (
          <DataTable<ListedDeployment>
            caption={words.caption(shown.name)}
            columns={columns}
            rows={history}
            idOf={({ id }) => id}
            nameOf={({ version, environment }) => words.name(version, environment)}
            foot={words.shown(history.length)}
          />
        )}
      </section>
      {may('pipelines.write') && <Removal isLive={live.length > 0} />}
    </>
  )
}

/** Whether a spec, if it was read, has no callers but due times. */
function isSchedule(spec: unknown): boolean {
  return spec !== undefined && !hasCallers(spec)
}

/** Whether live deployments conform, by their ids. */
function useConforming(organization: string, places: readonly string[]): ReadonlyMap<string, boolean> {
  return useQueries({
    queries: places.map((place) => conformityQuery(organization, place)),
    combine: (results) =>
      new Map(
        results
          .flatMap(({ data }) => data ?? [])
          .map((each) => [each.deploymentId, each.conforming] as const),
      ),
  })
}

function Removal({ isLive }: { readonly isLive: boolean }) {
  const { set } = usePipelineSearch()
  const { remove } = t.pipeline
  return (
    <div className={classes.removal}>
      <Button
        data-destructive
        aria-disabled={isLive || undefined}
        aria-describedby={isLive ? 'remove-reason' : undefined}
        onClick={() => {
          if (!isLive) set({ ...CLOSED, dialog: 'remove' })
        }}
      >
        {remove.open}
      </Button>
      {isLive && (
        <span id="remove-reason" className={text.meta}>
          {remove.isLive}
        </span>
      )}
    </div>
  )
}
