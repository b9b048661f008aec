import { type RawBuilder, sql } from 'kysely'
import type { JsonRows } from '../../database/json-rows.ts'
import type { Database } from '../../database/schema.ts'
import { USAGE_INTERVALS, type UsageRow } from '../../port/usage.ts'

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
  minute_at: 'bigint',
  requests: 'bigint',
} as const

/**
 * Adds to the sums of all intervals that the requests are in. The database does the work, so that the gateway's thread
 * only makes one text of the rows. Rows are written in the order of their keys, so that processes cannot deadlock.
 */
export async function addRequestCounts(
  tx: Database,
  rows: readonly UsageRow[],
  jsonRows: JsonRows,
): Promise<void> {
  const counted = jsonRows(JSON.stringify(rows.map(valuesOf)), COLUMNS)
  await sql`
    insert into usage_series (organization, series, environment, project, pipeline, version, code, last_day_at)
    select organization, series, environment, project, pipeline, version, code, max(minute_at - minute_at % ${DAY})
    from ${counted} where true
    group by organization, series, environment, project, pipeline, version, code
    order by organization, series
    on conflict (organization, series) do update set last_day_at = excluded.last_day_at
    where usage_series.last_day_at < excluded.last_day_at
  `.execute(tx)
  await addSums(tx, counted, 'usage_totals', [])
  await addSums(tx, counted, 'usage_of_consumers', ['consumer'])
  await addSums(tx, counted, 'usage_of_secrets', ['key_id', 'sequence'])
}

const DAY = sql.lit(USAGE_INTERVALS.day)
const LENGTHS = sql.join(Object.values(USAGE_INTERVALS).map((length) => sql`(${sql.lit(length)})`))

/** Adds to the sums of one table. @param by the columns besides the interval and the series */
async function addSums(
  tx: Database,
  counted: RawBuilder<unknown>,
  table: 'usage_totals' | 'usage_of_consumers' | 'usage_of_secrets',
  by: readonly (keyof typeof COLUMNS)[],
): Promise<void> {
  const own = sql.join([...by, 'series'].map((column) => sql.ref(column)))
  const requests = sql.ref(`${table}.requests`)
  // Both databases name the column of a VALUES list column1.
  await sql`
    insert into ${sql.table(table)} (organization, interval_ms, starts_at, ${own}, requests)
    select organization, column1, minute_at - minute_at % column1 as starts_at, ${own}, sum(requests)
    from ${counted} cross join (values ${LENGTHS}) as lengths where true
    group by organization, column1, minute_at - minute_at % column1, ${own}
    order by organization, column1, starts_at, ${own}
    on conflict (organization, interval_ms, starts_at, ${own}) do update
    set requests = ${requests} + excluded.requests
  `.execute(tx)
}

/** In the order of `COLUMNS`. */
function valuesOf(row: UsageRow): readonly (string | number)[] {
  const { organization, environment, project, pipeline, version, code } = row
  return [
    organization,
    // Names have no slash, so that different facts never have the same text.
    `${environment}/${project}/${pipeline}/${version}/${code}`,
    environment,
    project,
    pipeline,
    version,
    code,
    row.consumer ?? '',
    row.keyId ?? '',
    row.secretSequence,
    row.minuteMs,
    row.requests,
  ]
}
