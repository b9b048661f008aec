import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { sallyport } from '../../data/sallyport.ts'

/** The most that are listed. */
const WEBHOOKS_MAX = 200
/** How many deliveries are read at a time. */
const PAGE = 20
/** How often deliveries are read again, in ms. */
const DELIVERIES_MS = 3_000

export function webhooksQuery(organization: string) {
  return queryOptions({
    queryKey: ['webhooks', organization],
    queryFn: async ({ signal }) =>
      await sallyport.listWebhooks({ organization }, { signal }).toArray(WEBHOOKS_MAX),
  })
}

/** One webhook, with its ETag. */
export function webhookQuery(organization: string, webhook: string) {
  return queryOptions({
    queryKey: ['webhook', organization, webhook],
    queryFn: async ({ signal }) => await sallyport.getWebhook({ organization, webhook }, { signal }),
  })
}

/** What was and will be delivered, the newest events first. */
export function deliveriesQuery(organization: string, webhook: string) {
  return infiniteQueryOptions({
    queryKey: ['deliveries', organization, webhook],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam, signal }) =>
      await sallyport.listDeliveries({ organization, webhook, limit: PAGE }, { signal }).page(pageParam),
    getNextPageParam: ({ next }) => next ?? undefined,
    // Further pages are older, and would be read again too.
    refetchInterval: ({ state }) => (state.data?.pages.length === 1 ? DELIVERIES_MS : false),
  })
}
