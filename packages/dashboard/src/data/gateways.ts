import { queryOptions } from '@tanstack/react-query'
import { sallyport } from './sallyport.ts'

/** How often it is asked whether the gateways are current, in ms. */
const ASK_MS = 15_000
/** The most that are listed. */
const GATEWAYS_MAX = 200

export function gatewaysQuery(organization: string) {
  return queryOptions({
    queryKey: ['gateways', organization],
    refetchInterval: ASK_MS,
    queryFn: async ({ signal }) => await sallyport.listGateways({ organization }, { signal }).toArray(GATEWAYS_MAX),
  })
}
