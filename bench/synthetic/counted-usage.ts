import { USAGE_INTERVALS } from '../../packages/server/src/store/port/usage.ts'
import type { Schema } from '../../packages/server/src/store/database/schema.ts'
import { migrate } from '../../packages/server/src/store/migrations/migrate.ts'
import { LISTED_AT_MS, listedConsumerId, listedKeyId, type ListedStore, openListed } from './listed-keys.ts'
import { ORGANIZATION } from './records.ts'

/** The period that usage is read for. */
export const USAGE_DAYS = 30
/** Each day, one key in ten has requests, and each hour of the last two days one in fifty. */
const DAILY_SHARE = 10
const HOURLY_SHARE = 50
const HOURS = 48
const KEYS_PER_CONSUMER = 10
/** Rows per statement: SQLite takes 32,766 values. */
const BATCH = 4_000

const PIPELINES = ['orders', 'invoices', 'customers', 'stock']
/** The outcome of requests with a key, by its number. One key in a hundred is refused. */
const codeOf = (number: number): string => (number % 100 === 7 ? 'key_expired' : 'valid')
const seriesOf = (number: number): string =>
  `prod/default/${PIPELINES[number % PIPELINES.length] ?? ''}/1.0/${codeOf(number)}`

/** Fills a new store with keys, and with the usage of `USAGE_DAYS` before `LISTED_AT_MS`. */
export async function fillCountedStore(store: ListedStore, keys: number): Promise<void> {
  await using backend = await openListed(store)
  await migrate(backend.migrator, backend.columnTypes, () => LISTED_AT_MS)
  const insert = async (table: keyof Schema, rows: Iterable<Readonly<Record<string, unknown>>>) => {
    let batch: Readonly<Record<string, unknown>>[] = []
    const write = async (): Promise<void> => {
      if (batch.length > 0) await backend.counter.insertInto(table).values(batch).execute()
      batch = []
    }
    for (const row of rows) if (batch.push(row) === BATCH) await write()
    await write()
  }
  await insert('organizations', [
    { slug: ORGANIZATION, name: ORGANIZATION, ordinal: 1, created_at: LISTED_AT_MS },
  ])
  await insert('usage_series', seriesRows())
  for (const [length, count, share] of [
    [USAGE_INTERVALS.day, USAGE_DAYS, DAILY_SHARE],
    [USAGE_INTERVALS.hour, HOURS, HOURLY_SHARE],
  ] as const) {
    for (let back = 1; back <= count; back += 1) {
      const startsAt = LISTED_AT_MS - (LISTED_AT_MS % length) - back * length
      const counted = { organization: ORGANIZATION, interval_ms: length, starts_at: startsAt }
      const used = numbers(keys, share, back)
      const sums = (table: keyof Schema, by: (number: number) => Readonly<Record<string, unknown>>) =>
        insert(
          table,
          summed(used, (number) => ({ ...counted, ...by(number), series: seriesOf(number) })),
        )
      await sums('usage_totals', () => ({}))
      await sums('usage_of_consumers', (number) => ({
        consumer: listedConsumerId(Math.floor(number / KEYS_PER_CONSUMER)),
      }))
      await sums('usage_of_secrets', (number) => ({ key_id: listedKeyId(number), sequence: 1 }))
    }
  }
}

function seriesRows(): Readonly<Record<string, unknown>>[] {
  const numbersOfSeries = [0, 1, 2, 3, 7, 104, 107].map((number) => [seriesOf(number), number] as const)
  return [...new Map(numbersOfSeries)].map(([series, number]) => ({
    organization: ORGANIZATION,
    series,
    environment: 'prod',
    project: 'default',
    pipeline: PIPELINES[number % PIPELINES.length],
    version: '1.0',
    code: codeOf(number),
    last_day_at: LISTED_AT_MS,
  }))
}

/** The keys that are used in an interval; another part of them in each. */
function numbers(keys: number, share: number, interval: number): readonly number[] {
  const first = interval % share
  return Array.from(
    { length: Math.floor((keys - first - 1) / share) + 1 },
    (_, index) => first + index * share,
  )
}

/** One row for each distinct row, with the number of its requests. */
function summed(
  used: readonly number[],
  rowOf: (number: number) => Readonly<Record<string, unknown>>,
): readonly Readonly<Record<string, unknown>>[] {
  const sums = new Map<string, { readonly row: Readonly<Record<string, unknown>>; requests: number }>()
  for (const number of used) {
    const row = rowOf(number)
    const name = JSON.stringify(row)
    const known = sums.get(name)
    if (known === undefined) sums.set(name, { row, requests: 3 })
    else known.requests += 3
  }
  return [...sums.values()].map(({ row, requests }) => ({ ...row, requests }))
}
