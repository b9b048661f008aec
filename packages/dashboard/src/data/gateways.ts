import type { Gateway } from '@sallyport/sdk'
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

/** What serves no caller. */
const WITHOUT_CALLERS: ReadonlySet<string> = new Set(['control', 'relay'])

/**
 * How many gateways have the newest changes, of those that serve callers. One that has never been connected has nothing to be behind
 * with.
 */
export function currentOf(gateways: readonly Gateway[]): { readonly current: number; readonly all: number } {
  const deciding = gateways.filter(({ attached, role }) => attached && !WITHOUT_CALLERS.has(role))
  const current = deciding.filter(({ stale, needsUpgrade }) => !stale && !needsUpgrade)
  return { current: current.length, all: deciding.length }
}
