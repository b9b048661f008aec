import pg from 'pg'
import type { StoreSettings } from '../../packages/server/src/store/open.ts'
import { fillFile } from './bulk-file.ts'
import { CREATED_AT_MS, ENVIRONMENT, ORGANIZATION, PIPELINE } from './records.ts'

/*
 * Keys with a consumer each, made by the database itself: ten million take minutes, where rows from here would take an
 * hour. Their ids are consecutive numbers, and there are no tokens for them.
 */

/** What differs between the databases. `i` is the number of a row, from 0. */
interface Dialect {
  /** Rows with the numbers from `first` to before `end`. */
  numbers(first: number, end: number): string
  readonly paddedNumber: string
  /** 64 hexadecimal digits. */
  readonly digest: string
}

const SQLITE: Dialect = {
  numbers: (first, end) =>
    `with recursive n (i) as (select ${first} union all select i + 1 from n where i + 1 < ${end})`,
  paddedNumber: `printf('%016d', i)`,
  digest: `lower(hex(randomblob(32)))`,
}

const POSTGRES: Dialect = {
  numbers: (first, end) => `with n (i) as (select * from generate_series(${first}, ${end - 1}))`,
  paddedNumber: `lpad(i::text, 16, '0')`,
  digest: `md5(i::text) || md5((-i)::text)`,
}

/** @returns a statement by the rows that it inserts, see `Dialect.numbers` */
function insert(table: string, columns: string, values: string): (range: string) => string {
  return (range) => `insert into ${table} (${columns}) ${range} select ${values} from n`
}

/** Statements that insert pairs into a store with the organization of `makeOrganization`. */
function* statements(dialect: Dialect, pairs: number): Generator<string> {
  const { paddedNumber, digest } = dialect
  const tables = [
    insert(
      'consumers',
      'organization, id, environment, name, active, created_at, created_by',
      `'${ORGANIZATION}', 'con_' || ${paddedNumber}, '${ENVIRONMENT}', 'pair-' || i, 1, ${CREATED_AT_MS}, 'setup'`,
    ),
    insert(
      'consumer_pipelines',
      'organization, consumer, pipeline',
      `'${ORGANIZATION}', 'con_' || ${paddedNumber}, '${PIPELINE}'`,
    ),
    insert(
      'keys',
      `organization, id, name, type, environment, consumer, roles_json, active, created_at, created_by,
        address_rules_json, rate_limits_json`,
      `'${ORGANIZATION}', 'key_' || ${paddedNumber}, 'pair-' || i, 'secret', '${ENVIRONMENT}', 'con_' || ${paddedNumber},
        '[]', 1, ${CREATED_AT_MS}, 'setup', '[]', '[]'`,
    ),
    insert(
      'secrets',
      'organization, key_id, sequence, digest, hint, created_at',
      `'${ORGANIZATION}', 'key_' || ${paddedNumber}, 1, ${digest}, 'sp_sk_' || ${paddedNumber} || '…', ${CREATED_AT_MS}`,
    ),
  ]
  for (const table of tables) {
    for (let first = 0; first < pairs; first += PAIRS_PER_STATEMENT) {
      yield table(dialect.numbers(first, Math.min(first + PAIRS_PER_STATEMENT, pairs)))
    }
  }
}

/** The indexes that are no constraints: they are made faster when the rows are there. */
const INDEXES = `
  select indexname as name, indexdef as definition from pg_indexes
  where tablename in ('consumers', 'consumer_pipelines', 'keys', 'secrets')
    and schemaname = current_schema()
    and indexname not in (select conname from pg_constraint)`

/** A million at once would make the journal larger than the file. */
const PAIRS_PER_STATEMENT = 100_000

/** Adds keys with a consumer each to a store with the organization `acme`, in which no other key has a number as its id. */
export async function addPairs(store: StoreSettings, pairs: number): Promise<void> {
  if (store.kind === 'sqlite') {
    fillFile(store.file, (database) => {
      for (const statement of statements(SQLITE, pairs)) database.exec(statement)
    })
    return
  }
  const client = new pg.Client({ connectionString: store.url })
  await client.connect()
  try {
    // The references are right, and checking them takes most of the time.
    await client.query('set session_replication_role = replica; set synchronous_commit = off')
    await client.query(`set maintenance_work_mem = '1GB'`)
    const { rows: indexes } = await client.query<{ name: string; definition: string }>(INDEXES)
    for (const { name } of indexes) await client.query(`drop index "${name}"`)
    for (const statement of statements(POSTGRES, pairs)) await client.query(statement)
    for (const { definition } of indexes) await client.query(definition)
    await client.query('vacuum analyze')
  } finally {
    await client.end()
  }
}
