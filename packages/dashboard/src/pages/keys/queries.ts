import type { ExportKeysInput } from '@sallyport/sdk'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { sallyport } from '../../data/sallyport.ts'
import type { KeysSearch } from './search.ts'

/** How many keys are read at a time. */
const PAGE = 100
/** How often a key that is rolling is read again, in ms. */
const ROLLING_MS = 2_000
const HOUR_MS = 3_600_000
/** For how long the use of a key counts as known, in ms. */
const USE_MS = 60_000
const DAYS = 7

/** The filters of the server for what the URL says. */
export function filterOf(
  organization: string,
  environment: string | undefined,
  search: KeysSearch,
): ExportKeysInput {
  const { unused, ends, key: _open, dialog: _dialog, sort: _sort, ...filters } = search
  return {
    ...filters,
    organization,
    environment,
    ...(unused === 'never' && { neverUsed: 'true' }),
    ...(unused === 'old-secret' && { oldSecretUsed: 'true' }),
    ...((unused === '30' || unused === '90') && { unusedForDays: Number(unused) }),
    ...(ends !== undefined && { expiresWithinDays: Number(ends) }),
  }
}

/** The keys that fit, page after page. */
export function keysQuery(organization: string, environment: string | undefined, search: KeysSearch) {
  const { sort = '-lastUsedAt' } = search
  const input = { ...filterOf(organization, environment, search), sort, limit: PAGE }
  return infiniteQueryOptions({
    queryKey: ['keys', organization, input],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam, signal }) => await sallyport.listKeys(input, { signal }).page(pageParam),
    getNextPageParam: ({ next }) => next ?? undefined,
  })
}

/** One key, with its roll. A rolling one is read again and again, so that its secrets can be watched. */
export function keyQuery(organization: string, key: string) {
  return queryOptions({
    queryKey: ['key', organization, key],
    queryFn: async ({ signal }) => await sallyport.getKey({ organization, key }, { signal }),
    refetchInterval: ({ state }) => (state.data?.roll == null ? false : ROLLING_MS),
  })
}

/** The requests with a key in each hour of the last seven days, from the oldest on. */
export function weekQuery(organization: string, key: string) {
  return queryOptions({
    queryKey: ['week', organization, key],
    staleTime: USE_MS,
    queryFn: async ({ signal }) => {
      const lastHour = Math.floor(Date.now() / HOUR_MS)
      const firstHour = lastHour - DAYS * 24 + 1
      const input = {
        organization,
        key,
        interval: 'hour',
        from: new Date(firstHour * HOUR_MS).toISOString(),
        to: new Date().toISOString(),
        limit: DAYS * 24,
      } as const
      const hours = Array.from({ length: DAYS * 24 }, () => 0)
      for await (const { at, requests } of sallyport.readUsage(input, { signal })) {
        hours[Math.floor(Date.parse(at) / HOUR_MS) - firstHour] = requests
      }
      return hours
    },
  })
}
