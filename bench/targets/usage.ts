import { openStore } from '../../packages/server/src/store/open.ts'
import type { UsageQuery } from '../../packages/server/src/store/port/usage.ts'
import { USAGE_INTERVALS } from '../../packages/server/src/store/port/usage.ts'
import { percentileOf } from '../statistics.ts'
import { USAGE_DAYS } from '../synthetic/counted-usage.ts'
import {
  DAY_MS,
  LISTED_AT_MS,
  listedConsumerId,
  listedKeyId,
  type ListedStore,
} from '../synthetic/listed-keys.ts'
import { ORGANIZATION } from '../synthetic/records.ts'
import { reportToParent } from './parent.ts'

/*
 * Measures pages of sums of usage. Arguments: the kind of the store, its location, the number of its keys, and how many
 * rounds and pages in each are measured.
 */

export interface UsageReport {
  readonly queries: readonly {
    readonly name: string
    readonly p50Ms: number
    /** Of each round. */
    readonly p95Ms: readonly number[]
  }[]
}

const [kind = 'sqlite', location = '', keys = '', rounds = '', pages = ''] = process.argv.slice(2)
const nowMs = (): number => LISTED_AT_MS
const listed = { kind, location } as ListedStore
const store = await openStore(
  listed.kind === 'sqlite'
    ? { kind: 'sqlite', file: location, nowMs }
    : { kind: 'postgres', url: location, nowMs },
)

const toDayMs = LISTED_AT_MS - (LISTED_AT_MS % DAY_MS)
const days = { interval: 'day', fromMs: toDayMs - USAGE_DAYS * DAY_MS, toMs: toDayMs, limit: 50 } as const
const toHourMs = LISTED_AT_MS - (LISTED_AT_MS % USAGE_INTERVALS.hour)
const hours = { interval: 'hour', fromMs: toHourMs - 2 * DAY_MS, toMs: toHourMs, limit: 50 } as const

const keyOf = (page: number): string => listedKeyId((page * 7_919) % Number(keys))
const consumerOf = (page: number): string =>
  listedConsumerId(Math.floor(((page * 7_919) % Number(keys)) / 10))

/** Each query for the page with a number, which varies what it asks about. */
const QUERIES: Readonly<Record<string, (page: number) => UsageQuery>> = {
  'days, no groups': () => days,
  'days, by pipeline': () => ({ ...days, groupBy: 'pipeline' }),
  'days, by code': () => ({ ...days, groupBy: 'code' }),
  'days, by key': () => ({ ...days, groupBy: 'key' }),
  'days, by secret': () => ({ ...days, groupBy: 'secret' }),
  'days, by consumer': () => ({ ...days, groupBy: 'consumer' }),
  'days, by key, one pipeline': () => ({ ...days, groupBy: 'key', pipeline: 'orders' }),
  'days, by key, one code': () => ({ ...days, groupBy: 'key', code: 'key_expired' }),
  'days, one key': (page) => ({ ...days, key: keyOf(page) }),
  'days, by code, one key': (page) => ({ ...days, groupBy: 'code', key: keyOf(page) }),
  'days, one consumer': (page) => ({ ...days, consumer: consumerOf(page) }),
  'days, by key, one consumer': (page) => ({ ...days, groupBy: 'key', consumer: consumerOf(page) }),
  'days, scope of one pipeline': () => ({ ...days, groupBy: 'key', visible: [{ pipeline: 'orders' }] }),
  'hours, no groups': () => hours,
  'hours, by key': () => ({ ...hours, groupBy: 'key' }),
  'hours, one key': (page) => ({ ...hours, key: keyOf(page) }),
  'hours, by key, one consumer': (page) => ({ ...hours, groupBy: 'key', consumer: consumerOf(page) }),
}

async function pageMs(query: UsageQuery, page: number): Promise<number> {
  // Every other page is a following one, if there is one.
  const first = page % 2 === 0 ? null : (await store.read.usage.sums(ORGANIZATION, query)).next
  const fromMs = performance.now()
  await store.read.usage.sums(ORGANIZATION, { ...query, cursor: first ?? undefined })
  return performance.now() - fromMs
}

const sorted = (times: readonly number[]): number[] => times.toSorted((one, other) => one - other)
const measured: UsageReport['queries'][number][] = []
for (const [name, queryOf] of Object.entries(QUERIES)) {
  const p95Ms: number[] = []
  const all: number[] = []
  for (let round = 0; round < Number(rounds); round += 1) {
    const times: number[] = []
    for (let page = 0; page < Number(pages); page += 1) {
      times.push(await pageMs(queryOf(round * 100 + page), page))
    }
    all.push(...times)
    p95Ms.push(percentileOf(sorted(times), 95))
  }
  measured.push({ name, p50Ms: percentileOf(sorted(all), 50), p95Ms })
}
await store[Symbol.asyncDispose]()
reportToParent({ queries: measured } satisfies UsageReport)
