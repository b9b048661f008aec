import { CompiledQuery, type Dialect, Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import type { Schema } from '../database/schema.ts'
import type { Backend } from '../sql/backend.ts'
import { type DriverRules, GuardedDriver } from '../database/guarded-driver.ts'
import { translatePostgresError } from './errors.ts'
import { ANNOUNCE, ChangeListener } from './listener.ts'

/** Connections per process, without the one that listens. Writers run one at a time and share one. */
const CONNECTIONS_MAX = 10
export const CONNECT_TIMEOUT_MS = 5_000
/** For a lock: above all, for the write lock while other processes hold it. */
const LOCK_TIMEOUT_MS = 10_000
/** Longer than the lock timeout, so that a wait for a lock gets the more precise error. */
const STATEMENT_TIMEOUT_MS = 15_000
/** Longer than the server's own limits, so it applies only when the server no longer responds. */
const RESPONSE_TIMEOUT_MS = 20_000
/** A transaction that is idle this long is ended by the server, which frees the write lock. */
const IDLE_IN_TRANSACTION_MS = 60_000
const KEEP_ALIVE_DELAY_MS = 10_000

/** The advisory lock that serves as the write lock: an arbitrary number, reserved for it in the database. */
const WRITE_LOCK = '5929177302158306441'

/** Reads 64-bit integers as numbers: the store's times, counters and revisions are far below 2^53. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format),
}

function rules(statements: readonly string[]): DriverRules {
  return {
    async begin(execute) {
      for (const statement of statements) await execute(statement)
    },
    translate: translatePostgresError,
  }
}

/*
 * A writer takes the write lock first and holds it to the commit. Read committed is required: each statement sees what
 * was committed before the statement began, so the statements after the lock see all earlier writes. A stricter level
 * would see the state from before the wait for the lock.
 */
const WRITING = rules([
  'start transaction isolation level read committed, read write',
  `select pg_advisory_xact_lock(${WRITE_LOCK})`,
])
const COUNTING = rules(['start transaction isolation level read committed, read write'])
/** All statements see the state at the first one. */
const READING = rules(['start transaction isolation level repeatable read, read only'])

function connect(pool: pg.Pool, driverRules: DriverRules): Kysely<Schema> {
  const postgres = new PostgresDialect({ pool })
  const dialect: Dialect = {
    createDriver: () => new GuardedDriver(postgres.createDriver(), driverRules),
    createQueryCompiler: () => postgres.createQueryCompiler(),
    createAdapter: () => postgres.createAdapter(),
    createIntrospector: (db) => postgres.createIntrospector(db),
  }
  return new Kysely<Schema>({ dialect })
}

function openPool(config: pg.ClientConfig): pg.Pool {
  const pool = new pg.Pool({
    ...config,
    max: CONNECTIONS_MAX,
    types,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    query_timeout: RESPONSE_TIMEOUT_MS,
  })
  // The user of a lost connection gets its error. Without these listeners, an idle connection that is lost would crash
  // the process. The pool replaces it.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

/**
 * Opens a PostgreSQL database. No connection is made before the first statement.
 *
 * @param url `postgres://user:password@host:port/database`
 */
export function openPostgres(url: string): Backend {
  const config: pg.ClientConfig = {
    connectionString: url,
    application_name: 'sallyport',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_DELAY_MS,
  }
  const pool = openPool(config)
  const listener = new ChangeListener(config)
  const reader = connect(pool, READING)
  return {
    columnTypes: {
      name: sql`text collate "C"`,
      text: sql`text`,
      integer: sql`bigint`,
      tableEnd: sql``,
    },
    reader,
    writer: connect(pool, WRITING),
    counter: connect(pool, COUNTING),
    readConsistently: (use) => reader.transaction().execute(use),
    async announce(tx, revision) {
      await tx.executeQuery(CompiledQuery.raw(ANNOUNCE, [String(revision)]))
    },
    onAnnounced: (wake) => listener.listen(wake),
    async [Symbol.asyncDispose]() {
      await listener.close()
      await pool.end()
    },
  }
}
