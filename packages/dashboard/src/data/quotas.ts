import { queryOptions } from '@tanstack/react-query'
import { sallyport } from './sallyport.ts'

/** How often it is read again, in ms. */
const QUOTAS_MS = 30_000

export function quotasQuery(organization: string) {
  return queryOptions({
    queryKey: ['quotas', organization],
    refetchInterval: QUOTAS_MS,
    queryFn: async ({ signal }) => await sallyport.getQuotas({ organization }, { signal }),
  })
}
