import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { sallyport } from '../../data/sallyport.ts'

/** How many leaks are read at a time. */
const PAGE = 50
/** How often the newest leaks are read again, in ms, as long as only they are shown. */
const NEWEST_MS = 15_000
/** Of one key, no more are kept. */
const OF_KEY_MAX = 100

/** The leaks, newest first, page after page. */
export function leaksQuery(organization: string, environment: string | undefined, key: string | undefined) {
  return infiniteQueryOptions({
    queryKey: ['leaks', organization, 'list', { environment, key }],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam, signal }) =>
      await sallyport.listLeaks({ organization, environment, key, limit: PAGE }, { signal }).page(pageParam),
    getNextPageParam: ({ next }) => next ?? undefined,
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) > 1 ? false : NEWEST_MS),
  })
}

/** Every place where secrets of a key were found. */
export function placesQuery(organization: string, key: string) {
  return queryOptions({
    queryKey: ['leaks', organization, 'of-key', key],
    queryFn: async ({ signal }) =>
      await sallyport.listLeaks({ organization, key, limit: OF_KEY_MAX }, { signal }).toArray(OF_KEY_MAX),
  })
}
