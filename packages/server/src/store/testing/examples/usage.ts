import { USAGE_INTERVALS, type UsageRow, type UsageSum } from '../../port/usage.ts'
import { type Example, FIRST_MS, type Seed } from './example.ts'
import { exampleKeyId } from './keys.ts'

const FIRST_MINUTE_MS = FIRST_MS - (FIRST_MS % USAGE_INTERVALS.minute)

/** One allowed request of a pipeline without a key. */
export function usageRow(more: Partial<UsageRow> = {}): UsageRow {
  return {
    organization: 'acme',
    environment: 'test',
    project: 'default',
    pipeline: 'orders',
    version: '1.0',
    code: 'valid',
    consumer: null,
    keyId: null,
    secretSequence: more.keyId === undefined ? 0 : 1,
    isExternal: false,
    minuteMs: FIRST_MINUTE_MS,
    requests: 1,
    lastUsedAtMs: FIRST_MS,
    lastUsedAddress: null,
    sources: [],
    ...more,
  }
}

const minuteOf = ({ index }: Seed): number => FIRST_MINUTE_MS + index * USAGE_INTERVALS.minute

const row = (seed: Seed): UsageSum => ({
  group: null,
  atMs: minuteOf(seed),
  requests: seed.index + 1,
  allowed: seed.index + 1,
})

const ALL = {
  interval: 'minute',
  fromMs: FIRST_MINUTE_MS,
  toMs: FIRST_MINUTE_MS + 1_000 * USAGE_INTERVALS.minute,
} as const

export const usageExample: Example<UsageSum> = {
  isTenant: true,
  feedKind: null,
  row,
  insert: (store, seed) =>
    store.addUsage([
      usageRow({ organization: seed.owner, minuteMs: minuteOf(seed), requests: seed.index + 1 }),
    ]),
  async get(read, seed) {
    const { items } = await read.usage.sums(seed.owner, { ...ALL, limit: 1_000 })
    return items.find(({ atMs }) => atMs === minuteOf(seed))
  },
  queries: (read, seed) => [read.usage.rollUses(seed.owner, exampleKeyId(seed), FIRST_MS)],
  lists: {
    sums: {
      read: (read, { owner }, page) => read.usage.sums(owner, { ...ALL, ...page }),
      cursor: ['number'],
    },
  },
  update: null,
  remove: null,
  since: 10,
  stored(seed) {
    const series = 'test/default/orders/1.0/valid'
    const facts = {
      environment: 'test',
      project: 'default',
      pipeline: 'orders',
      version: '1.0',
      code: 'valid',
    }
    const starts_at = minuteOf(seed)
    const last_day_at = starts_at - (starts_at % USAGE_INTERVALS.day)
    const counted = { organization: seed.owner, interval_ms: USAGE_INTERVALS.minute, starts_at, series }
    const requests = seed.index + 1
    return [
      ['usage_series', { organization: seed.owner, series, ...facts, last_day_at }],
      ['usage_totals', { ...counted, requests }],
      ['usage_of_consumers', { ...counted, consumer: '', requests }],
      ['usage_of_secrets', { ...counted, key_id: '', sequence: 0, requests }],
    ]
  },
}
