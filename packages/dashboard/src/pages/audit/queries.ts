import type { ListAuditEventsInput } from '@sallyport/sdk'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { sallyport } from '../../data/sallyport.ts'
import { type AuditSearch, SINCE_DAYS } from './search.ts'

/** How many events are read at a time. */
const PAGE = 100
const DAY_MS = 86_400_000
/** How often the newest events are read again, in ms, as long as only they are shown. */
const NEWEST_MS = 15_000
/** How many events are looked through for one that no list shows. */
const LOOKED_THROUGH = 2_000
/** The key of the checkpoints is made once. */
const KEY_MS = 60 * 60_000

/** The filters of the server for what the URL says. */
export function filterOf(
  organization: string,
  { actor, action, target, since }: AuditSearch,
  nowMs: number,
): Omit<ListAuditEventsInput, 'limit'> {
  return {
    organization,
    actor,
    action,
    target,
    ...(since !== undefined && { from: new Date(nowMs - SINCE_DAYS[since] * DAY_MS).toISOString() }),
  }
}

/** Whether the list has every event. */
export function isFiltered({ actor, action, target, since }: AuditSearch): boolean {
  return [actor, action, target, since].some((value) => value !== undefined)
}

/** The events that fit, newest first, page after page. */
export function eventsQuery(organization: string, search: AuditSearch) {
  const { event: _open, ...filters } = search
  return infiniteQueryOptions({
    queryKey: ['audit-events', organization, filters],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam, signal }) =>
      await sallyport
        .listAuditEvents({ ...filterOf(organization, search, Date.now()), limit: PAGE }, { signal })
        .page(pageParam),
    getNextPageParam: ({ next }) => next ?? undefined,
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) > 1 ? false : NEWEST_MS),
  })
}

/** One event, also if no list shows it; null if it is too old to be found among the newest. */
export function eventQuery(organization: string, sequence: number) {
  return queryOptions({
    queryKey: ['audit-event', organization, sequence],
    staleTime: Infinity,
    queryFn: async ({ signal }) => {
      let seen = 0
      for await (const event of sallyport.listAuditEvents({ organization, limit: PAGE }, { signal })) {
        if (event.sequence === sequence) return event
        seen += 1
        if (event.sequence < sequence || seen >= LOOKED_THROUGH) return null
      }
      return null
    },
  })
}

/** The key that signs the checkpoints. */
export const auditKeyQuery = queryOptions({
  queryKey: ['audit-keys'],
  staleTime: KEY_MS,
  queryFn: async ({ signal }) => {
    const [key] = await sallyport.listAuditKeys({}, { signal }).toArray(1)
    return key ?? null
  },
})
