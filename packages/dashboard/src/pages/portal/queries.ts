import { queryOptions } from '@tanstack/react-query'
import { periodOf, type PeriodName } from '../../data/usage/periods.ts'
import { sallyport } from '../../data/sallyport.ts'
import type { UsageRead } from '../../data/usage/usage.ts'
import { readSecretUses, type RollingKey, rollStartMs, secretUseInput } from '../keys/roll/secret-use.ts'
import { PORTAL } from './session/portal-client.ts'

/** A consumer has fewer keys. */
const KEYS_MAX = 1_000
const PIPELINES_MAX = 1_000
/** More than the hours of a week, and the days of a month. */
const SUMS_MAX = 400
const PAGE = 200
/** How often what changes by itself is read again, in ms. */
const ROLLING_MS = 2_000
const USES_MS = 5_000
const USAGE_MS = 15_000
const FIRST_CALL_MS = 1_500

export const keysQuery = queryOptions({
  queryKey: ['keys', PORTAL],
  queryFn: async ({ signal }) =>
    await sallyport.listPortalKeys({ limit: PAGE }, { signal }).toArray(KEYS_MAX),
})

/** One key, with its roll. A rolling one is read again and again, so that its secrets can be watched. */
export function keyQuery(key: string) {
  return queryOptions({
    queryKey: ['key', PORTAL, key],
    queryFn: async ({ signal }) => await sallyport.getPortalKey({ key }, { signal }),
    refetchInterval: ({ state }) => (state.data?.roll == null ? false : ROLLING_MS),
  })
}

/** A new key, until it was used. */
export function firstCallQuery(key: string) {
  return queryOptions({
    queryKey: ['first-call', PORTAL, key],
    queryFn: async ({ signal }) => await sallyport.getPortalKey({ key }, { signal }),
    refetchInterval: ({ state }) => (state.data?.secrets.at(-1)?.lastUsedAt == null ? FIRST_CALL_MS : false),
  })
}

export function secretUseQuery(rolling: RollingKey, endMs: number) {
  return queryOptions({
    queryKey: ['secret-use', PORTAL, rolling.id, rollStartMs(rolling)],
    refetchInterval: USES_MS,
    queryFn: async ({ signal }) =>
      await readSecretUses(sallyport.readPortalUsage(secretUseInput(rolling, endMs, Date.now()), { signal })),
  })
}

/** What the consumer may call and is live. */
export const pipelinesQuery = queryOptions({
  queryKey: ['pipelines', PORTAL],
  queryFn: async ({ signal }) =>
    await sallyport.listPortalPipelines({ limit: PAGE }, { signal }).toArray(PIPELINES_MAX),
})

export function usageQuery(name: PeriodName) {
  return queryOptions({
    queryKey: ['usage', PORTAL, name],
    refetchInterval: USAGE_MS,
    queryFn: async ({ signal }): Promise<UsageRead> => {
      const period = periodOf(name, Date.now())
      const input = {
        interval: period.interval,
        from: new Date(period.fromMs).toISOString(),
        to: new Date(period.toMs - 1).toISOString(),
        limit: PAGE,
      }
      const sums = await sallyport.readPortalUsage(input, { signal }).toArray(SUMS_MAX)
      return { period, sums, isPartial: false }
    },
  })
}
