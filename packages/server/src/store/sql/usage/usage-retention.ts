import { sql } from 'kysely'
import type { Database } from '../../database/schema.ts'
import { USAGE_INTERVALS, type UsageInterval, type UsageLimits } from '../../port/usage.ts'
import { pruneSecretSources } from './secret-sources.ts'
import { pruneReports } from './usage-reports.ts'

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
/** Rows that one transaction counts, besides those of one interval. */
const COUNTED_MAX = 100_000
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

/**
 * Deletes sums that are too old, and the oldest ones of organizations that have too many.
 *
 * @throws the last fault, after all other organizations had their turn
 */
export async function pruneUsage(
  transact: Transact,
  nowMs: number,
  limits: UsageLimits,
  locksRows: boolean,
): Promise<void> {
  const organizations = await transact((tx) => tx.selectFrom('organizations').select('slug').execute())
  const faults: unknown[] = []
  for (const { slug } of organizations) {
    for (const interval of Object.keys(USAGE_INTERVALS) as UsageInterval[]) {
      try {
        await pruneSums(transact, slug, interval, nowMs, limits)
      } catch (cause) {
        faults.push(cause)
      }
    }
  }
  await transact((tx) => pruneSecretSources(tx, nowMs, locksRows))
  await transact((tx) => pruneReports(tx, nowMs))
  // A series is needed by the sums of all intervals.
  const lastDayMs = nowMs - (Math.max(...Object.values(limits.days)) + 1) * USAGE_INTERVALS.day
  await transact((tx) => tx.deleteFrom('usage_series').where('last_day_at', '<', lastDayMs).execute())
  if (faults.length > 0) throw faults.at(-1)
}

async function pruneSums(
  transact: Transact,
  organization: string,
  interval: UsageInterval,
  nowMs: number,
  limits: UsageLimits,
): Promise<void> {
  const oldestMs = nowMs - limits.days[interval] * USAGE_INTERVALS.day
  await deleteBefore(transact, organization, interval, oldestMs)
  await countRows(transact, organization, interval, nowMs)
  const endMs = await transact((tx) => endOfOld(tx, organization, interval, oldestMs, limits.rows))
  await deleteBefore(transact, organization, interval, endMs)
}

async function deleteBefore(
  transact: Transact,
  organization: string,
  interval: UsageInterval,
  endMs: number,
): Promise<void> {
  for (const [table, columns] of TABLES) {
    while (
      (await transact((tx) => deleteSome(tx, table, columns, organization, interval, endMs))) === DELETED_MAX
    );
  }
}

/** Counts the rows of the intervals that have ended since the last time, some of them in each transaction. */
async function countRows(
  transact: Transact,
  organization: string,
  interval: UsageInterval,
  nowMs: number,
): Promise<void> {
  const length = USAGE_INTERVALS[interval]
  const { counted } = await transact((tx) =>
    tx
      .selectFrom('usage_intervals')
      .select((eb) => eb.fn.max('starts_at').as('counted'))
      .where('organization', '=', organization)
      .where('interval_ms', '=', length)
      .executeTakeFirstOrThrow(),
  )
  const lastMs = nowMs - length - LATE_MS
  let afterMs: number | undefined = counted ?? -1
  while (afterMs !== undefined) {
    const startMs: number = afterMs
    afterMs = await transact((tx) => countSome(tx, organization, length, startMs, lastMs))
  }
}

/** @returns the start of the last interval that was counted, if others follow */
async function countSome(
  tx: Database,
  organization: string,
  length: number,
  afterMs: number,
  lastMs: number,
): Promise<number | undefined> {
  let startMs = afterMs
  for (let total = 0; total < COUNTED_MAX;) {
    const counted = await countInterval(tx, organization, length, startMs, lastMs)
    if (counted === undefined) return undefined
    startMs = counted.starts_at
    total += counted.row_count
  }
  return startMs
}

/** Counts the rows of the first interval after a time; undefined if there is none. */
async function countInterval(
  tx: Database,
  organization: string,
  length: number,
  afterMs: number,
  lastMs: number,
): Promise<Pick<UsageIntervalsTable, 'starts_at' | 'row_count'> | undefined> {
  const next = await tx
    .selectFrom('usage_of_secrets')
    .select('starts_at')
    .where('organization', '=', organization)
    .where('interval_ms', '=', length)
    .where('starts_at', '>', afterMs)
    .where('starts_at', '<=', lastMs)
    .orderBy('starts_at')
    .limit(1)
    .executeTakeFirst()
  if (next === undefined) return undefined
  const { starts_at } = next
  const { row_count } = await tx
    .selectFrom('usage_of_secrets')
    .select((eb) => eb.fn.countAll<number>().as('row_count'))
    .where('organization', '=', organization)
    .where('interval_ms', '=', length)
    .where('starts_at', '=', starts_at)
    .executeTakeFirstOrThrow()
  await tx
    .insertInto('usage_intervals')
    .values({ organization, interval_ms: length, starts_at, row_count })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return { starts_at, row_count }
}

/** The first instant that is kept, in ms since 1970. */
async function endOfOld(
  tx: Database,
  organization: string,
  interval: UsageInterval,
  oldestMs: number,
  rows: number,
): Promise<number> {
  const length = USAGE_INTERVALS[interval]
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
