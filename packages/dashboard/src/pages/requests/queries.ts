import type { DecidedRequest } from '@sallyport/sdk'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { sallyport } from '../../data/sallyport.ts'
import { demandsOf } from './decision-trace.ts'
import { ALLOWED, outcomeOf } from './outcome.ts'
import type { RequestsSearch } from './search.ts'

/** How many requests are read at a time: the most that the server gives. */
const PAGE = 200
/** How often the newest are read, in ms; more slowly if several pages are. */
const LIVE_MS = 3_000
const SLOW_MS = 10_000
/** The versions of a pipeline that are looked at for what one demands. */
const VERSIONS_MAX = 400
const DEMANDS_MS = 10 * 60_000

/** The newest requests that fit, as far as the server can tell. */
export function requestsQuery(organization: string, search: RequestsSearch, isLive: boolean) {
  const { requestId, outcome, code, key, consumer, pipeline } = search
  const input = {
    organization,
    requestId,
    key,
    consumer,
    pipeline,
    code: code ?? (outcome === 'allowed' ? ALLOWED : undefined),
    limit: PAGE,
  }
  return infiniteQueryOptions({
    queryKey: ['requests', organization, input],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam, signal }) => await sallyport.listRequests(input, { signal }).page(pageParam),
    getNextPageParam: ({ next }) => next ?? undefined,
    refetchInterval: ({ state }) => {
      if (!isLive) return false
      return (state.data?.pages.length ?? 0) > 1 ? SLOW_MS : LIVE_MS
    },
  })
}

/** What the server cannot filter by: the environment and the kind of outcome. */
export function isShown(
  request: DecidedRequest,
  environment: string | undefined,
  outcome: RequestsSearch['outcome'],
): boolean {
  return (
    (environment === undefined || request.environment === environment) &&
    (outcome === undefined || outcomeOf(request) === outcome)
  )
}

/** Tells requests apart: a caller can send the same id twice. */
export function handleOf({ requestId, at }: DecidedRequest): string {
  return `${at}~${requestId}`
}

/** The id in a handle. */
export function requestIdOf(handle: string): string {
  return handle.slice(handle.indexOf('~') + 1)
}

/** One request, also if no list shows it; null if it is no longer kept. */
export function requestQuery(organization: string, handle: string) {
  return queryOptions({
    queryKey: ['request', organization, handle],
    queryFn: async ({ signal }) => {
      const requestId = requestIdOf(handle)
      const found = await sallyport.listRequests({ organization, requestId, limit: PAGE }, { signal }).page()
      return found.items.find((request) => handleOf(request) === handle) ?? null
    },
  })
}

/** What a version demands of its callers; null if it does not say. */
export function demandsQuery(organization: string, pipeline: string, version: string) {
  return queryOptions({
    queryKey: ['demands', organization, pipeline, version],
    staleTime: DEMANDS_MS,
    queryFn: async ({ signal }) => {
      const versions = await sallyport
        .listVersions({ organization, pipeline }, { signal })
        .toArray(VERSIONS_MAX)
      return demandsOf(versions.find((each) => each.version === version)?.spec) ?? null
    },
  })
}
