import { CompiledQuery, type Dialect, Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import type { Schema } from '../database/schema.ts'
import type { Backend } from '../sql/backend.ts'
import { type DriverRules, GuardedDriver } from '../database/guarded-driver.ts'
import { translatePostgresError } from './errors.ts'
import { ANNOUNCE, ChangeListener } from './listener.ts'

/** Connections of one process, beside the one that listens. Writers take turns and need one between them. */
const CONNECTIONS_MAX = 10
const CONNECT_TIMEOUT_MS = 5_000
/** For a lock: above all, for the turn to write while other processes have it. */
const LOCK_TIMEOUT_MS = 10_000
/** Above the time for a lock, so that the message of the two that is more precise comes first. */
const STATEMENT_TIMEOUT_MS = 15_000
/** Above the server's own limit: it is only ever reached when the server no longer answers at all. */
const ANSWER_TIMEOUT_MS = 20_000
/** How long a transaction may be left alone before the server ends it, and with it the turn that it may hold. */
const IDLE_IN_TRANSACTION_MS = 60_000
const KEEP_ALIVE_DELAY_MS = 10_000

/** The advisory lock that is the turn to write: an arbitrary number that nothing else in the database should use. */
const WRITERS_TURN = '5929177302158306441'

/** Our integers are times, counters and revisions, far below 2^53: on our connections they are read as numbers. */
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
 * A writer takes its turn before anything else and holds it to the commit, as design.md section 9 asks. Read
 * committed is what makes that work: each statement sees what was committed when it began, so that everything after
 * the lock sees all that earlier writers did. A stricter level would look at the moment before the wait.
 */
const WRITING = rules([
  'start transaction isolation level read committed, read write',
  `select pg_advisory_xact_lock(${WRITERS_TURN})`,
])
const COUNTING = rules(['start transaction isolation level read committed, read write'])
/** All statements see the moment of the first. */
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
    query_timeout: ANSWER_TIMEOUT_MS,
  })
  // The loss of a connection is reported to whoever uses it, and to the process where nobody listens: which would
  // end it. The pool makes a new connection by itself.
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
