import { sql } from 'kysely'
import type { Database } from '../../database/schema.ts'
import { USAGE_INTERVALS, type UsageInterval, type UsageLimits } from '../../port/usage.ts'
import { pruneSecretSources } from './secret-sources.ts'

declare module '../../database/schema.ts' {
  interface Schema {
    usage_intervals: UsageIntervalsTable
  }
}

/** How many rows an organization has for an interval that is over. */
interface UsageIntervalsTable {
  organization: string
  interval_ms: number
  starts_at: number
  row_count: number
}

/** Rows that one transaction deletes, so that other writes get their turns. */
const DELETED_MAX = 5_000
/** How long after the end of an interval its last counts have arrived, unless the database was away. */
const LATE_MS = 60_000

/** The tables of sums, with the columns of their keys after the interval. */
const TABLES = [
  ['usage_of_secrets', ['key_id', 'sequence', 'series']],
  ['usage_of_consumers', ['consumer', 'series']],
  ['usage_totals', ['series']],
  ['usage_intervals', []],
] as const

/** Runs a transaction of its own. */
export type Transact = <T>(work: (tx: Database) => Promise<T>) => Promise<T>

/** Deletes sums that are too old, and the oldest ones of organizations that have too many. */
export async function pruneUsage(transact: Transact, nowMs: number, limits: UsageLimits): Promise<void> {
  const organizations = await transact((tx) => tx.selectFrom('organizations').select('slug').execute())
  for (const { slug } of organizations) {
    for (const interval of Object.keys(USAGE_INTERVALS) as UsageInterval[]) {
      await countRows(transact, slug, interval, nowMs)
      const endMs = await transact((tx) => endOfOld(tx, slug, interval, nowMs, limits))
      for (const [table, columns] of TABLES) {
        while (
          (await transact((tx) => deleteSome(tx, table, columns, slug, interval, endMs))) === DELETED_MAX
        );
      }
    }
  }
  await transact((tx) => pruneSecretSources(tx, nowMs))
  const lastDayMs = nowMs - limits.days.day * USAGE_INTERVALS.day
  await transact((tx) => tx.deleteFrom('usage_series').where('last_day_at', '<', lastDayMs).execute())
}

/** Counts the rows of the intervals that have ended since the last time. */
async function countRows(
  transact: Transact,
  organization: string,
  interval: UsageInterval,
  nowMs: number,
): Promise<void> {
  const length = USAGE_INTERVALS[interval]
  await transact(async (tx) => {
    const counted = await tx
      .selectFrom('usage_intervals')
      .select((eb) => eb.fn.max('starts_at').as('starts_at'))
      .where('organization', '=', organization)
      .where('interval_ms', '=', length)
      .executeTakeFirst()
    await sql`
      insert into usage_intervals (organization, interval_ms, starts_at, row_count)
      select organization, interval_ms, starts_at, count(*) from usage_of_secrets
      where organization = ${organization} and interval_ms = ${length}
        and starts_at > ${counted?.starts_at ?? -1} and starts_at <= ${nowMs - length - LATE_MS}
      group by organization, interval_ms, starts_at
      on conflict do nothing
    `.execute(tx)
  })
}

/** The first instant that is kept, in ms since 1970. */
async function endOfOld(
  tx: Database,
  organization: string,
  interval: UsageInterval,
  nowMs: number,
  { days, rows }: UsageLimits,
): Promise<number> {
  const length = USAGE_INTERVALS[interval]
  const oldestMs = nowMs - days[interval] * USAGE_INTERVALS.day
  const intervals = await tx
    .selectFrom('usage_intervals')
    .select(['starts_at', 'row_count'])
    .where('organization', '=', organization)
    .where('interval_ms', '=', length)
    .where('starts_at', '>=', oldestMs)
    .orderBy('starts_at', 'desc')
    .execute()
  let total = 0
  for (const { starts_at, row_count } of intervals) {
    total += row_count
    if (total > rows) return starts_at + length
  }
  return oldestMs
}

/** @returns how many rows were deleted */
async function deleteSome(
  tx: Database,
  table: (typeof TABLES)[number][0],
  columns: readonly string[],
  organization: string,
  interval: UsageInterval,
  endMs: number,
): Promise<number> {
  const key = sql.join(
    ['organization', 'interval_ms', 'starts_at', ...columns].map((column) => sql.ref(column)),
  )
  const { numAffectedRows } = await sql`
    delete from ${sql.table(table)} where (${key}) in (
      select ${key} from ${sql.table(table)}
      where organization = ${organization} and interval_ms = ${USAGE_INTERVALS[interval]} and starts_at < ${endMs}
      limit ${sql.lit(DELETED_MAX)}
    )
  `.execute(tx)
  return Number(numAffectedRows ?? 0)
}
