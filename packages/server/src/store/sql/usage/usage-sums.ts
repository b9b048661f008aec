import { type RawBuilder, sql, type SqlBool } from 'kysely'
import { encodeCursor, startAfter } from '../../database/cursors.ts'
import type { Database } from '../../database/schema.ts'
import { isWithin } from '../../database/scope-condition.ts'
import type { Page } from '../../port/pages/paging.ts'
import {
  ALLOWED_CODE,
  USAGE_INTERVALS,
  type UsageQuery,
  type UsageReader,
  type UsageSum,
} from '../../port/usage.ts'
import { rollUses } from './secret-sources.ts'
import {
  type Grouping,
  groupingOf,
  type GroupValue,
  positionTypes,
  startOf,
  tableOf,
} from './usage-groups.ts'

/** The rows that a page reads at most, apart from those of a single interval or group. */
const ROWS_PER_PAGE_MAX = 20_000
/** Pairs of an interval and a key that are looked up one by one. For more of them the whole period is read. */
const LOOKUPS_MAX = 10_000

type Condition = RawBuilder<SqlBool>
type Position = readonly GroupValue[]

export function usageReader(db: Database): UsageReader {
  return {
    async sums(organization, query) {
      const grouping = groupingOf(query.groupBy)
      const first = firstOf(query, grouping)
      const keys = await keysOf(db, organization, query)
      if (keys?.length === 0 || !(await hasSeries(db, organization, query))) return { items: [], next: null }
      return await sumsPage(db, organization, query, { keys, grouping, first })
    },
    rollUses: (organization, keyId, nowMs) => rollUses(db, organization, keyId, nowMs),
  }
}

/** Whether any series fits the filters. If none does, PostgreSQL would read the whole period to find that out. */
async function hasSeries(db: Database, organization: string, query: UsageQuery): Promise<boolean> {
  const { rows } = await sql`
    select 1 from usage_series
    where ${sql.join([sql`organization = ${organization}`, ...ofSeries(query)], sql` and `)} limit 1
  `.execute(db)
  return rows.length > 0
}

/** The keys that the filters name; undefined if they name none, or more than can be looked up one by one. */
async function keysOf(
  db: Database,
  organization: string,
  { key, consumer, groupBy, fromMs, toMs, interval }: UsageQuery,
): Promise<readonly string[] | undefined> {
  const isBySecret = key !== undefined || groupBy === 'key' || groupBy === 'secret'
  if (consumer === undefined || !isBySecret) return key === undefined ? undefined : [key]
  const max = Math.floor(LOOKUPS_MAX / ((toMs - fromMs) / USAGE_INTERVALS[interval]))
  let owned = db
    .selectFrom('keys')
    .select('id')
    .where('organization', '=', organization)
    .where('consumer', '=', consumer)
  if (key !== undefined) owned = owned.where('id', '=', key)
  const rows = await owned.limit(max + 1).execute()
  return rows.length > max ? undefined : rows.map(({ id }) => id)
}

interface SumsOf {
  /** Those that the filters name, or undefined for all. */
  readonly keys: readonly string[] | undefined
  readonly grouping: Grouping
  /** Where the page starts. */
  readonly first: Position
}

async function sumsPage(
  db: Database,
  organization: string,
  query: UsageQuery,
  { keys, grouping, first }: SumsOf,
): Promise<Page<UsageSum>> {
  const { consumer, toMs, limit } = query
  const length = USAGE_INTERVALS[query.interval]
  const table = tableOf(query, grouping)
  const firstMs = Number(first[0])
  if (firstMs >= toMs) return { items: [], next: null }
  const rows: Condition[] = [sql`counts.organization = ${organization}`, sql`interval_ms = ${length}`]
  const isConsumers = consumer !== undefined && table === 'usage_of_consumers'
  let end: Position
  if (keys !== undefined || isConsumers) {
    if (keys !== undefined) rows.push(sql`key_id in (${sql.join(keys)})`)
    if (isConsumers) rows.push(sql`consumer = ${consumer}`)
    // The key of the table starts with the interval: with each of them named, no other rows are read.
    const during = (endMs: number): Condition =>
      sql`starts_at in (${sql.join(starts(firstMs - (firstMs % length), endMs, length))})`
    const reading = { first, grouping, ordered: [], length }
    end = (await endOfReading(db, table, [...rows, during(toMs)], reading)) ?? startOf(toMs, grouping)
    rows.push(during(Number(end[0])), compared('>=', first, grouping.columns))
  } else {
    // One bound at each end, on all columns that the rows are ordered by, so that each database reads only the range.
    const ordered = grouping.orderedIn === null ? [] : grouping.columns
    const from = compared('>=', first, ordered)
    const last = startOf(toMs, grouping)
    const range = [...rows, from, compared('<', last, ordered)]
    end = (await endOfReading(db, table, range, { first, grouping, ordered, length })) ?? last
    rows.push(from, compared('<', end, ordered))
    // A page of groups that lie apart can begin within an interval.
    if (grouping.orderedIn === null) rows.push(compared('>=', first, grouping.columns))
    if (consumer !== undefined) {
      rows.push(
        sql`key_id in (select id from keys where organization = ${organization} and consumer = ${consumer})`,
      )
    }
  }
  const columns = sql.join(['starts_at', ...grouping.columns].map((column) => sql.ref(column)))
  // A cross join, because SQLite then begins with the counts, of which there is a bounded number.
  const { rows: found } = await sql<Readonly<Record<string, GroupValue>>>`
    select ${columns}, cast(sum(requests) as bigint) as requests,
      cast(sum(case when code = ${ALLOWED_CODE} then requests else 0 end) as bigint) as allowed
    from ${sql.table(table)} as counts cross join usage_series
    where usage_series.organization = counts.organization and usage_series.series = counts.series
      and ${sql.join([...rows, ...ofSeries(query)], sql` and `)}
    group by ${columns}
    order by ${columns}
    limit ${limit + 1}
  `.execute(db)
  const positionOf = (row: Readonly<Record<string, GroupValue>>): Position => [
    row['starts_at'] ?? 0,
    ...grouping.columns.map((column) => row[column] ?? ''),
  ]
  const following = found[limit] === undefined ? end : positionOf(found[limit])
  return {
    items: found.slice(0, limit).map((row) => {
      const [atMs, ...values] = positionOf(row)
      return {
        group: grouping.nameOf(values),
        atMs: Number(atMs),
        requests: Number(row['requests']),
        allowed: Number(row['allowed']),
      }
    }),
    next: Number(following[0]) >= toMs ? null : encodeCursor(following),
  }
}

/** Where a page starts. A cursor from before the period, whose start may be relative to now, continues at its start. */
function firstOf(query: UsageQuery, grouping: Grouping): Position {
  const position = startAfter(query, positionTypes(grouping))
  return position === undefined || Number(position[0]) < query.fromMs
    ? startOf(query.fromMs, grouping)
    : position
}

/** The starts of the intervals of a period. */
function starts(fromMs: number, toMs: number, length: number): number[] {
  return Array.from({ length: Math.ceil((toMs - fromMs) / length) }, (_, index) => fromMs + index * length)
}

/**
 * Where a page must end because it has read enough rows: the first position that it does not include. Undefined if the
 * rest of the period is small enough. A single interval or group is read whole.
 *
 * @param range the conditions on the rows from the page's start to the end of the period
 */
async function endOfReading(
  db: Database,
  table: ReturnType<typeof tableOf>,
  range: readonly Condition[],
  { first, grouping, ordered, length }: Reading,
): Promise<Position | undefined> {
  const order = sql.join(['starts_at', ...ordered].map((column) => sql.ref(column)))
  const { rows: found } = await sql<Readonly<Record<string, GroupValue>>>`
    select ${order} from ${sql.table(table)} as counts where ${sql.join(range, sql` and `)}
    order by ${order} limit 2 offset ${ROWS_PER_PAGE_MAX - 1}
  `.execute(db)
  const [last, next] = found
  if (next === undefined) return undefined
  const reached = ['starts_at', ...ordered].map((column) => next[column] ?? '')
  const [atMs = 0, id = '', ...rest] = reached
  const isSameInterval = atMs === first[0]
  const [column] = ordered
  if (column === undefined) return startOf(isSameInterval ? Number(atMs) + length : Number(atMs), grouping)
  if (reached.every((value, index) => value === first[index])) return afterGroup(first)
  // The last row of another group, from which a shortened id must differ.
  const before =
    last?.['starts_at'] === atMs && last[column] === id
      ? await lastBefore(db, table, range, [atMs, id], column)
      : last
  // A group that has too many rows itself, or the secrets of one key.
  if (before === undefined) return reached
  const after = before['starts_at'] === atMs ? String(before[column]) : ''
  return [atMs, shortened(String(id), after), ...rest.map(() => 0)]
}

async function lastBefore(
  db: Database,
  table: ReturnType<typeof tableOf>,
  range: readonly Condition[],
  group: Position,
  column: string,
): Promise<Readonly<Record<string, GroupValue>> | undefined> {
  const conditions = sql.join([...range, compared('<', group, [column])], sql` and `)
  const { rows } = await sql<Readonly<Record<string, GroupValue>>>`
    select starts_at, ${sql.ref(column)} from ${sql.table(table)} as counts where ${conditions}
    order by starts_at desc, ${sql.ref(column)} desc limit 1
  `.execute(db)
  return rows[0]
}

/** The position after a group and before all others that follow it. */
function afterGroup(group: Position): Position {
  const value = group.at(-1)
  // No id has a character before this one.
  return [...group.slice(0, -1), typeof value === 'number' ? value + 1 : `${value}\u{1}`]
}

/** The shortest start of an id that is after another id. A page can end at an id that its reader must not see. */
function shortened(id: string, after: string): string {
  let chars = 1
  while (chars < id.length && id.slice(0, chars) <= after) chars += 1
  return id.slice(0, chars)
}

interface Reading {
  readonly first: Position
  readonly grouping: Grouping
  /** The columns that the page may end at, besides `starts_at`. */
  readonly ordered: readonly string[]
  /** Of an interval, in ms. */
  readonly length: number
}

/** Whether a row is on one side of a position, by its interval and these columns. */
function compared(operator: '<' | '>=', position: Position, columns: readonly string[]): Condition {
  const names = ['starts_at', ...columns].map((column) => sql.ref(column))
  const values = names.map((_, index) => sql`${position[index]}`)
  return sql`(${sql.join(names)}) ${sql.raw(operator)} (${sql.join(values)})`
}

/** The conditions on what the requests of a series have in common. */
function ofSeries({ visible, ...query }: UsageQuery): Condition[] {
  const conditions = SERIES_FILTERS.flatMap((field) => {
    const value = query[field]
    return value === undefined ? [] : [sql<SqlBool>`${sql.ref(field)} = ${value}`]
  })
  return visible === undefined ? conditions : [...conditions, isWithin(visible, SCOPE)]
}

const SERIES_FILTERS = ['environment', 'project', 'pipeline', 'version', 'code'] as const
const SCOPE = { environment: 'environment', project: 'project', pipeline: 'pipeline' }
