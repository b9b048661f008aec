import type { ListedDeployment } from '@sallyport/sdk'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { sallyport } from '../../../data/sallyport.ts'

/** The most items in one answer of the API. */
const PAGE = 200
/** The most live deployments of an organization that are read: its default quota. */
const DEPLOYMENTS_MAX = 20_000
/** The most versions of a pipeline that are read. */
const VERSIONS_MAX = 2_000

/** So many runs of a schedule are shown. */
const RUNS = 10
/** How often they are read again: schedules are due once a minute at most. */
const RUNS_MS = 30_000

/** The pipelines, of one project or of all, page after page. */
export function pipelinesQuery(organization: string, project: string | undefined) {
  return infiniteQueryOptions({
    queryKey: ['pipelines', organization, 'pages', project],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam, signal }) =>
      await sallyport.listPipelines({ organization, project, limit: PAGE }, { signal }).page(pageParam),
    getNextPageParam: ({ next }) => next ?? undefined,
  })
}

/** A pipeline with its newest version. */
export function pipelineQuery(organization: string, pipeline: string) {
  return queryOptions({
    queryKey: ['pipeline', organization, pipeline],
    queryFn: async ({ signal }) => await sallyport.getPipeline({ organization, pipeline }, { signal }),
  })
}

/** The versions of a pipeline, newest first. */
export function versionsQuery(organization: string, pipeline: string) {
  return queryOptions({
    queryKey: ['versions', organization, pipeline],
    queryFn: async ({ signal }) => {
      const versions = sallyport.listVersions({ organization, pipeline, limit: PAGE }, { signal })
      return (await versions.toArray(VERSIONS_MAX)).toReversed()
    },
  })
}

/** The last runs of a schedule in an environment, newest first. */
export function scheduleRunsQuery(organization: string, pipeline: string, environment: string) {
  return queryOptions({
    queryKey: ['schedule-runs', organization, pipeline, environment],
    queryFn: async ({ signal }) => {
      const input = { organization, pipeline, environment, limit: RUNS }
      return (await sallyport.listScheduleRuns(input, { signal }).page()).items
    },
    refetchInterval: RUNS_MS,
  })
}

/** Every live deployment of the organization. */
export function liveDeploymentsQuery(organization: string) {
  return queryOptions({
    queryKey: ['deployments', organization, 'live'],
    queryFn: async ({ signal }) =>
      await sallyport.listDeployments({ organization, limit: PAGE }, { signal }).toArray(DEPLOYMENTS_MAX),
  })
}

/** The deployments of a pipeline, live and ended, newest first; none of a removed pipeline of this name. */
export function historyQuery(organization: string, pipeline: string) {
  return queryOptions({
    queryKey: ['deployments', organization, 'of', pipeline],
    queryFn: async ({ signal }): Promise<readonly ListedDeployment[]> => {
      const all = sallyport.listDeployments({ organization, pipeline, state: 'all', limit: PAGE }, { signal })
      const kept = (await all.toArray(DEPLOYMENTS_MAX)).filter((each) => each.pipelineRemovedAt === null)
      return kept.toReversed()
    },
  })
}

/** Which live deployments of an environment conform to its policy. */
export function conformityQuery(organization: string, environment: string) {
  return queryOptions({
    queryKey: ['conformity', organization, 'all', environment],
    queryFn: async ({ signal }) =>
      await sallyport
        .getConformity({ organization, environment, limit: PAGE }, { signal })
        .toArray(DEPLOYMENTS_MAX),
  })
}
