import { createHash } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { Client } from 'pg'
import type { AuditRow } from '../../packages/server/src/store/port/audit-events.ts'
import { verifyAuditChain } from '../../packages/server/src/store/audit/audit-chain.ts'

/** A moment in what a server has stored. */
export interface StateMark {
  readonly number: number
}

/** What a server has stored, read beside it. */
export interface StoredState extends AsyncDisposable {
  /** Remembers what is stored now; only the newest mark is kept. */
  mark(): Promise<StateMark>
  /** The tables with another content than at the newest mark. */
  changedSince(mark: StateMark): Promise<readonly string[]>
  /** Differs from every earlier one of the organization if a row of it was written since. */
  fingerprintOf(organization: string): Promise<string>
  /** The newest revision of the history. */
  revision(): Promise<number>
  /** Verifies what was added to the audit log. @returns the organizations of the new rows; throws for a broken chain */
  verifyNewAuditRows(): Promise<readonly string[]>
}

type Row = Readonly<Record<string, unknown>>

/** Runs a query. Parameters are written as `?`. */
type Query = (sql: string, ...parameters: readonly string[]) => Promise<readonly Row[]>

/** What the server writes by itself: the leases of gateways, signatures of the audit log, deliveries, and what is due or to be told. */
const VOLATILE_TABLES =
  "('gateways', 'audit_checkpoints', 'audit_keys', 'webhook_queues', 'webhook_deliveries', 'key_deadlines', 'key_age_ends', 'owner_mail_queues')"
/** When a session was last used, which is written once a minute, by requests that are refused too. */
const VOLATILE_COLUMN = { table: 'sessions', column: 'last_used_at' }
/** Which organization a row belongs to. */
const TENANT_COLUMN = 'organization'

/** The rows of a table. Records of refused changes are written after the answer, those of housekeeping at any time. */
function rowsOf(table: string): string {
  return table === 'audit_events'
    ? `(SELECT * FROM audit_events WHERE action NOT LIKE '%refused' AND action NOT LIKE '%.export' AND actor <> 'housekeeping')`
    : `"${table}"`
}

function differing(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  return [...after].filter(([table, digest]) => before.get(table) !== digest).map(([table]) => table)
}

/** Marks, of which only the newest one is kept. */
class Marks {
  #newest = 0

  next(): StateMark {
    this.#newest += 1
    return { number: this.#newest }
  }

  requireNewest({ number }: StateMark): void {
    if (number !== this.#newest) throw new Error('Only the newest mark of the stored state is kept')
  }
}

function queryOf(database: DatabaseSync): Query {
  return async (sql, ...parameters) => database.prepare(sql).all(...parameters)
}

export function openSqliteState(file: string): StoredState {
  const present = new DatabaseSync(file, { readOnly: true })
  /** It has a read transaction that sees what was stored at the mark, so that nothing must be read to remember it. */
  const past = new DatabaseSync(file, { readOnly: true })
  const query = queryOf(present)
  const columnsOf = new Map(
    present
      .prepare(
        `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ${VOLATILE_TABLES} ORDER BY name`,
      )
      .all()
      .map(({ name }) => String(name))
      .map((table) => {
        const columns = present.prepare(`PRAGMA table_info("${table}")`).all()
        return [table, columns.map(({ name }) => String(name))]
      }),
  )
  const digestsOf = (database: DatabaseSync, organization?: string): ReadonlyMap<string, string> =>
    new Map(
      [...columnsOf]
        .filter(([, columns]) => organization === undefined || columns.includes(TENANT_COLUMN))
        .map(([table, columns]) => [table, sqliteDigest(database, table, columns, organization)]),
    )
  // SQLite changes it with every commit of another connection.
  const readVersion = async (): Promise<number> =>
    Number((await query('PRAGMA data_version'))[0]?.['data_version'])
  const marks = new Marks()
  let version = -1
  return {
    async mark() {
      const newVersion = await readVersion()
      if (newVersion !== version) {
        if (version !== -1) past.exec('ROLLBACK')
        past.exec('BEGIN')
        past.prepare('SELECT count(*) FROM sqlite_master').get()
        version = newVersion
      }
      return marks.next()
    },
    async changedSince(mark) {
      marks.requireNewest(mark)
      if ((await readVersion()) === version) return []
      return differing(digestsOf(past), digestsOf(present))
    },
    async fingerprintOf(organization) {
      return JSON.stringify([...digestsOf(present, organization)])
    },
    ...readers(query),
    async [Symbol.asyncDispose]() {
      present.close()
      past.close()
    },
  }
}

/** The digest of the rows of a table. SQLite makes them one text, which is many times faster than an object for each. */
function sqliteDigest(
  database: DatabaseSync,
  table: string,
  columns: readonly string[],
  organization: string | undefined,
): string {
  const values = columns
    .filter((column) => table !== VOLATILE_COLUMN.table || column !== VOLATILE_COLUMN.column)
    .map((column) => `quote("${column}")`)
  const rows = `SELECT group_concat(${values.join(` || ',' || `)}, ';') AS content FROM ${rowsOf(table)}`
  const statement = database.prepare(organization === undefined ? rows : `${rows} WHERE ${TENANT_COLUMN} = ?`)
  const row = statement.get(...(organization === undefined ? [] : [organization]))
  return createHash('sha256').update(String(row?.['content'])).digest('base64')
}

export async function openPostgresState(url: string): Promise<StoredState> {
  const present = await postgresQuery(url)
  /** It has a transaction that sees what was stored at the mark, so that nothing must be read to remember it. */
  const past = await postgresQuery(url)
  const { query } = present
  const tables = (
    await query(
      `SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT IN ${VOLATILE_TABLES} ORDER BY tablename`,
    )
  ).map(({ tablename }) => String(tablename))
  const digests = tables.map((table) => {
    const { table: name, column } = VOLATILE_COLUMN
    const row = table === name ? `(to_jsonb(r) - '${column}')::text` : 'r::text'
    // A sum needs no order, which would take longer than all the rest.
    return `SELECT '${table}' AS t, concat(count(*), ' ', sum(hashtextextended(${row}, 0))) AS d FROM ${rowsOf(table)} r`
  })
  const owned = await query(
    `SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = '${TENANT_COLUMN}'`,
  )
  const isOwned = (_: string, index: number): boolean =>
    owned.some(({ table_name: name }) => name === tables[index])
  const digestsOf = async (of: Query): Promise<ReadonlyMap<string, string>> =>
    new Map((await of(digests.join(' UNION ALL '))).map(({ t, d }) => [String(t), String(d)]))
  const marks = new Marks()
  let snapshot = ''
  return {
    async mark() {
      if ((await snapshotOf(query)) !== snapshot) {
        await past.query('ROLLBACK')
        await past.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
        snapshot = await snapshotOf(past.query)
      }
      return marks.next()
    },
    async changedSince(mark) {
      marks.requireNewest(mark)
      if ((await snapshotOf(query)) === snapshot) return []
      return differing(await digestsOf(past.query), await digestsOf(query))
    },
    async fingerprintOf(organization) {
      const ofOne = digests.filter(isOwned).map((digest) => `${digest} WHERE r.${TENANT_COLUMN} = ?`)
      return JSON.stringify(await query(ofOne.join(' UNION ALL '), ...ofOne.map(() => organization)))
    },
    ...readers(query),
    async [Symbol.asyncDispose]() {
      await present.end()
      await past.end()
    },
  }
}

/** What a transaction sees: another one as soon as something is committed. */
async function snapshotOf(query: Query): Promise<string> {
  return String((await query('SELECT pg_current_snapshot() AS snapshot'))[0]?.['snapshot'])
}

/** A connection of its own. */
async function postgresQuery(
  url: string,
): Promise<{ readonly query: Query; readonly end: () => Promise<void> }> {
  const client = new Client({ connectionString: url })
  await client.connect()
  return {
    async query(sql, ...parameters) {
      let count = 0
      const numbered = sql.replaceAll('?', () => `$${(count += 1)}`)
      return (await client.query<Row>(numbered, [...parameters])).rows
    },
    end: async () => await client.end(),
  }
}

function readers(query: Query): Pick<StoredState, 'revision' | 'verifyNewAuditRows'> {
  /** The last verified row of each organization. */
  const last = new Map<string, AuditRow>()
  return {
    async revision() {
      const [row] = await query('SELECT max(revision) AS revision FROM changes')
      return Number(row?.['revision'])
    },

    async verifyNewAuditRows() {
      const grown: string[] = []
      const lengths = await query(
        'SELECT organization, max(sequence) AS length FROM audit_events GROUP BY organization',
      )
      for (const { organization, length } of lengths) {
        const name = String(organization)
        const previous = last.get(name)
        if (Number(length) === previous?.sequence) continue
        const rows = await query(
          'SELECT * FROM audit_events WHERE organization = ? AND sequence > ? ORDER BY sequence',
          name,
          String(previous?.sequence ?? 0),
        )
        const added = rows.map(auditRow)
        const broken = verifyAuditChain(added, previous)
        if (broken !== undefined) throw new Error(`The audit chain of ${name} is broken at ${broken}`)
        const end = added.at(-1)
        if (end === undefined) throw new Error(`The audit log of ${name} lost rows`)
        last.set(name, end)
        grown.push(name)
      }
      return grown
    },
  }
}

function auditRow(row: Row): AuditRow {
  return {
    organization: String(row['organization']),
    sequence: Number(row['sequence']),
    atMs: Number(row['happened_at']),
    actor: String(row['actor']),
    action: String(row['action']),
    target: String(row['target']),
    before: JSON.parse(String(row['before_json'])),
    after: JSON.parse(String(row['after_json'])),
    previousHash: String(row['previous_hash']),
    hash: String(row['hash']),
  }
}
