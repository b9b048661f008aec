import type { ListKeysInput } from '@sallyport/sdk'
import { queryOptions } from '@tanstack/react-query'
import { sallyport } from '../../data/sallyport.ts'

/** How many changes are shown. */
const CHANGES = 6
/** How often changes are read again, in ms. */
const CHANGES_MS = 15_000
/** How often keys are counted again, in ms. */
const ATTENTION_MS = 60_000
/** How many keys of each kind are named. */
const NAMED = 3
/** The most leaks that are read, the newest. */
const LEAKS_MAX = 1_000
const LEAKS_PAGE = 200

/** Keys that fit: how many, and the first of them. */
export function someKeysQuery(organization: string, filter: Omit<ListKeysInput, 'organization' | 'limit'>) {
  return queryOptions({
    queryKey: ['keys', organization, 'some', filter],
    staleTime: ATTENTION_MS,
    queryFn: async ({ signal }) =>
      await sallyport.listKeys({ ...filter, organization, limit: NAMED }, { signal }).page(),
  })
}

/** The ids of keys whose secret was found in public and still works, newest first. */
export function leakedKeysQuery(organization: string, environment: string | undefined) {
  return queryOptions({
    queryKey: ['leaked-keys', organization, environment],
    staleTime: ATTENTION_MS,
    queryFn: async ({ signal }) => {
      const leaks = await sallyport
        .listLeaks({ organization, environment, limit: LEAKS_PAGE }, { signal })
        .toArray(LEAKS_MAX)
      return [...new Set(leaks.filter(({ stillLive }) => stillLive).map(({ key }) => key))]
    },
  })
}

/** The newest changes. */
export function changesQuery(organization: string) {
  return queryOptions({
    queryKey: ['audit-events', organization, 'newest'],
    refetchInterval: CHANGES_MS,
    queryFn: async ({ signal }) =>
      (await sallyport.listAuditEvents({ organization, limit: CHANGES }, { signal }).page()).items,
  })
}
