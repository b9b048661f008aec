import { type RawBuilder, sql } from 'kysely'
import type { JsonRows } from '../../database/json-rows.ts'
import type { Database } from '../../database/schema.ts'
import { USAGE_INTERVALS, type UsageRow } from '../../port/usage.ts'
import { seriesOf } from './merged-rows.ts'

declare module '../../database/schema.ts' {
  interface Schema {
    usage_series: UsageSeriesTable
    usage_totals: UsageTotalsTable
    usage_of_consumers: UsageOfConsumersTable
    usage_of_secrets: UsageOfSecretsTable
  }
}

/** What all requests to a version of a pipeline with the same outcome have in common. */
interface UsageSeriesTable {
  organization: string
  /** These facts as one text. */
  series: string
  environment: string
  project: string
  pipeline: string
  version: string
  code: string
  /** The start of the last day with requests. */
  last_day_at: number
}

/** The requests of a series in one interval. */
interface UsageTotalsTable {
  organization: string
  interval_ms: number
  starts_at: number
  series: string
  requests: number
}

/** The same by consumer; the empty text for requests without one. */
interface UsageOfConsumersTable extends UsageTotalsTable {
  consumer: string
}

/** The same by secret of a key; the empty text and 0 for requests without a key. */
interface UsageOfSecretsTable extends UsageTotalsTable {
  key_id: string
  sequence: number
}

const COLUMNS = {
  organization: 'text',
  series: 'text',
  environment: 'text',
  project: 'text',
  pipeline: 'text',
  version: 'text',
  code: 'text',
  consumer: 'text',
  key_id: 'text',
  sequence: 'bigint',
  requests: 'bigint',
} as const
type Column = keyof typeof COLUMNS
type Values = Readonly<Record<Column, string | number>>

/** The columns of each table of sums besides the interval. */
const SUMS = {
  usage_totals: ['organization', 'series'],
  usage_of_consumers: ['organization', 'consumer', 'series'],
  usage_of_secrets: ['organization', 'key_id', 'sequence', 'series'],
} as const
const SERIES = ['organization', 'series', 'environment', 'project', 'pipeline', 'version', 'code'] as const

/**
 * Adds to the sums of all intervals that the requests are in. What is the same is added up before: a row costs the database
 * several times as much. Rows are written in the order of their keys, so that processes cannot deadlock.
 */
export async function addRequestCounts(
  tx: Database,
  rows: readonly UsageRow[],
  jsonRows: JsonRows,
): Promise<void> {
  const byMinute = Map.groupBy(rows, ({ minuteMs }) => minuteMs)
  for (const [minuteMs, counted] of [...byMinute].sort(([one], [other]) => one - other)) {
    const values = counted.map(valuesOf)
    const rowsOf = (columns: readonly Column[]) =>
      jsonRows(
        JSON.stringify(summed(values, columns)),
        Object.fromEntries([...columns, 'requests' as const].map((column) => [column, COLUMNS[column]])),
      )
    await addSeries(tx, rowsOf(SERIES), minuteMs)
    for (const [table, columns] of Object.entries(SUMS)) {
      await addSums(tx, rowsOf(columns), table as keyof typeof SUMS, columns, minuteMs)
    }
  }
}

/** One row for each combination of values, with the sum of its requests. */
function summed(rows: readonly Values[], columns: readonly Column[]): (string | number)[][] {
  const sums = new Map<string, { readonly values: readonly (string | number)[]; requests: number }>()
  for (const row of rows) {
    const values = columns.map((column) => row[column])
    const name = values.join(' ')
    const known = sums.get(name)
    if (known === undefined) sums.set(name, { values, requests: Number(row.requests) })
    else known.requests += Number(row.requests)
  }
  return [...sums.values()].map(({ values, requests }) => [...values, requests])
}

async function addSeries(tx: Database, series: RawBuilder<unknown>, minuteMs: number): Promise<void> {
  const columns = sql.join(SERIES.map((column) => sql.ref(column)))
  const dayMs = minuteMs - (minuteMs % USAGE_INTERVALS.day)
  await sql`
    insert into usage_series (${columns}, last_day_at)
    select ${columns}, cast(${dayMs} as bigint) from ${series} where true
    order by organization, series
    on conflict (organization, series) do update set last_day_at = excluded.last_day_at
    where usage_series.last_day_at < excluded.last_day_at
  `.execute(tx)
}

const LENGTHS = Object.values(USAGE_INTERVALS).toSorted((one, other) => one - other)

/** Adds to the sums of one table. @param columns those of its key besides the interval */
async function addSums(
  tx: Database,
  counted: RawBuilder<unknown>,
  table: keyof typeof SUMS,
  columns: readonly Column[],
  minuteMs: number,
): Promise<void> {
  const own = sql.join(columns.map((column) => sql.ref(column)))
  const starts = LENGTHS.map(
    (length) => sql`(${sql.lit(length)}, cast(${minuteMs - (minuteMs % length)} as bigint))`,
  )
  const requests = sql.ref(`${table}.requests`)
  // Both databases name the columns of a VALUES list column1, column2, …
  await sql`
    insert into ${sql.table(table)} (interval_ms, starts_at, ${own}, requests)
    select column1, column2, ${own}, requests
    from (values ${sql.join(starts)}) as intervals cross join ${counted} where true
    order by organization, column1, column2, ${own}
    on conflict (interval_ms, starts_at, ${own}) do update set requests = ${requests} + excluded.requests
  `.execute(tx)
}

function valuesOf(row: UsageRow): Values {
  const { organization, environment, project, pipeline, version, code } = row
  return {
    organization,
    series: seriesOf(row),
    environment,
    project,
    pipeline,
    version,
    code,
    consumer: row.consumer ?? '',
    key_id: row.keyId ?? '',
    sequence: row.secretSequence,
    requests: row.requests,
  }
}
