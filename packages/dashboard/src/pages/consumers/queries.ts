import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { sallyport } from '../../data/sallyport.ts'

/** How many consumers are read at a time, which is the most that the server gives. */
const PAGE = 200
/** For how long the keys of a consumer count as known, in ms. */
const KEYS_MS = 60_000
/** How many keys of a consumer its details show. */
const KEYS_SHOWN = 5
/** A consumer has at most 20. */
const BASIC_MAX = 20
/** The most portal sessions of the organization that are searched for those of a consumer. */
const PORTAL_SESSIONS_MAX = 2_000

/** The consumers, page after page, in the order in which they were created. */
export function consumersQuery(organization: string, environment: string | undefined) {
  return infiniteQueryOptions({
    queryKey: ['consumers', organization, 'list', environment],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam, signal }) =>
      await sallyport.listConsumers({ organization, environment, limit: PAGE }, { signal }).page(pageParam),
    getNextPageParam: ({ next }) => next ?? undefined,
  })
}

/** How many consumers the organization has. */
export function consumerCountQuery(organization: string) {
  return queryOptions({
    queryKey: ['consumers', organization, 'count'],
    queryFn: async ({ signal }) => (await sallyport.getQuotas({ organization }, { signal })).consumers.used,
  })
}

/** The keys of a consumer: how many there are, and those that were used last. */
export function keysOfQuery(organization: string, consumer: string) {
  return queryOptions({
    queryKey: ['keys', organization, 'of', consumer],
    staleTime: KEYS_MS,
    queryFn: async ({ signal }) => {
      const input = { organization, consumer, sort: '-lastUsedAt', limit: KEYS_SHOWN } as const
      return await sallyport.listKeys(input, { signal }).page()
    },
  })
}

export function basicCredentialsQuery(organization: string, consumer: string) {
  return queryOptions({
    queryKey: ['basic-credentials', organization, consumer],
    queryFn: async ({ signal }) =>
      await sallyport.listBasicCredentials({ organization, consumer }, { signal }).toArray(BASIC_MAX),
  })
}

/** The links and sessions of a consumer's portal that still work. */
export function portalSessionsQuery(organization: string, consumer: string) {
  return queryOptions({
    queryKey: ['portal-sessions', organization, consumer],
    queryFn: async ({ signal }) => {
      const all = await sallyport
        .listPortalSessions({ organization, limit: PAGE }, { signal })
        .toArray(PORTAL_SESSIONS_MAX)
      return all.filter((each) => each.consumer === consumer && each.endedAt === null)
    },
  })
}
