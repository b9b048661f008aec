import type { ReadUsageInput, Usage } from '@sallyport/sdk'
import { queryOptions } from '@tanstack/react-query'
import { sallyport } from '../sallyport.ts'
import type { Period } from './usage-sums.ts'

/** What is counted: everything that `filter` lets through, as groups if it names some. */
export type UsageFilter = Omit<ReadUsageInput, 'organization' | 'interval' | 'from' | 'to' | 'limit'>

export interface UsageRead {
  readonly period: Period
  readonly sums: readonly Usage[]
  /** Whether there were so many sums that the last ones are missing. */
  readonly isPartial: boolean
}

const PAGE = 200
/** The most sums that a page reads. */
const SUMS_MAX = 6_000
/** How often a period that ends now is read again, in ms. */
const AGAIN_MS = 15_000

/**
 * What was counted in a period.
 *
 * @param periodOf the period at a time in ms since 1970; its name tells it from others
 */
export function usageQuery(
  organization: string,
  name: string,
  periodOf: (nowMs: number) => Period,
  filter: UsageFilter,
) {
  return queryOptions({
    queryKey: ['usage', organization, name, filter],
    refetchInterval: AGAIN_MS,
    queryFn: async ({ signal }): Promise<UsageRead> => {
      const period = periodOf(Date.now())
      const sums = await readSums(organization, period, filter, SUMS_MAX + 1, signal)
      return { period, sums: sums.slice(0, SUMS_MAX), isPartial: sums.length > SUMS_MAX }
    },
  })
}

/** Reads what was counted in a period. @param max how many sums at most */
export async function readSums(
  organization: string,
  { fromMs, toMs, interval }: Period,
  filter: UsageFilter,
  max: number,
  signal?: AbortSignal,
): Promise<readonly Usage[]> {
  const input = {
    ...filter,
    organization,
    interval,
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs - 1).toISOString(),
    limit: PAGE,
  }
  return await sallyport.readUsage(input, { signal }).toArray(max)
}
