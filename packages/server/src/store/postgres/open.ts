import { CompiledQuery, type Dialect, Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import type { Schema } from '../database/schema.ts'
import { WriteTurn } from '../database/write-turn.ts'
import type { Backend, ConsistentReader } from '../sql/backend.ts'
import { type DriverRules, GuardedDriver } from '../database/guarded-driver.ts'
import { translateCommitError, translatePostgresError } from './errors.ts'
import { jsonRows } from './json-rows.ts'
import { ANNOUNCE, ChangeListener } from './listener.ts'
import { DiscardingPool, SCHEMA_VERSION } from './pool.ts'

/** Connections unless given, without those that write and the one that listens. */
const CONNECTIONS_MAX = 10
/** Writers run one at a time. The second connection replaces one that is being closed. */
const WRITING_CONNECTIONS_MAX = 2
export const CONNECT_TIMEOUT_MS = 5_000
/** How long the server's answer to a read may take: longer than any query of a healthy database takes. */
const RESPONSE_TIMEOUT_MS_MIN = 3_000
const RESPONSE_TIMEOUT_MS_MAX = 12_000
/** A read is over well before the deadline of a write that needs it. */
const RESPONSE_PART_OF_WRITE = 0.8
/** The server's own limit is lower, so that the other one applies only when the server no longer responds. */
const STATEMENT_PART_OF_RESPONSE = 5 / 6
/** The same for writers, which may wait for the write lock until their deadline. */
const WRITING_RESPONSE_TIMEOUT_MS = 30_000
/** How long a transaction without a deadline waits for the write lock, and each of its statements. */
const LOCK_TIMEOUT_MS = 10_000
const STATEMENT_TIMEOUT_MS = 10_000
/**
 * How long a writer may hold the write lock without a statement. The server then ends its connection, so that a process
 * that is paused in its turn does not block the others.
 */
const IDLE_IN_TURN_MS = 5_000
/** How long one statement of a write may take. */
const STATEMENT_IN_TURN_MS = 8_000
/** The same for a migration, which computes more between its statements. */
const IDLE_IN_MIGRATION_MS = 60_000
const KEEP_ALIVE_DELAY_MS = 10_000

/** The advisory lock that serves as the write lock: an arbitrary number, reserved for it in the database. */
const WRITE_LOCK = '5929177302158306441'

/** Reads 64-bit integers as numbers: the store's times, counters and revisions are far below 2^53. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format),
}

/*
 * A writer takes the write lock first and holds it to the commit. Read committed is required: each statement sees what
 * was committed before the statement began, so the statements after the lock see all earlier writes. A stricter level
 * would see the state from before the wait for the lock. All of it is one message, so the server sets the limits before
 * it gives the lock, even if this process is paused meanwhile.
 */
function writing(turn: WriteTurn): DriverRules {
  return {
    async begin(execute) {
      const { remainingMs } = turn
      const lockMs = Number.isFinite(remainingMs) ? Math.max(1, remainingMs) : LOCK_TIMEOUT_MS
      const statementMs = Number.isFinite(remainingMs)
        ? Math.min(lockMs, STATEMENT_IN_TURN_MS)
        : STATEMENT_TIMEOUT_MS
      const locking = execute(
        [
          'start transaction isolation level read committed, read write',
          `set local lock_timeout = ${lockMs}`,
          `set local statement_timeout = ${lockMs + 1_000}`,
          `set local idle_in_transaction_session_timeout = ${Math.min(lockMs, IDLE_IN_TURN_MS)}`,
          `select pg_advisory_xact_lock(${WRITE_LOCK})`,
          `set local statement_timeout = ${statementMs}`,
          `set local lock_timeout = ${statementMs}`,
        ].join('; '),
      )
      // Sent with it.
      await Promise.all([locking, execute(SCHEMA_VERSION)])
    },
    translate: translatePostgresError,
    translateCommit: translateCommitError,
    requireTime: () => turn.requireTime(),
    onCommit: () => turn.commits(),
  }
}

/** For migrations, which rewrite whole tables: their statements have no limit, also if the server sets one. */
const MIGRATING = rules(
  [
    'start transaction isolation level read committed, read write',
    'set local statement_timeout = 0',
    `set local lock_timeout = ${LOCK_TIMEOUT_MS}`,
    `set local idle_in_transaction_session_timeout = ${IDLE_IN_MIGRATION_MS}`,
    `select pg_advisory_xact_lock(${WRITE_LOCK})`,
  ].join('; '),
)

function rules(begin: string): DriverRules {
  return {
    async begin(execute) {
      await execute(begin)
    },
    translate: translatePostgresError,
  }
}

const COUNTING = rules('start transaction isolation level read committed, read write')
/** All statements see the state at the first one. */
const READING = rules('start transaction isolation level repeatable read, read only')

function connect(pool: DiscardingPool, driverRules: DriverRules): Kysely<Schema> {
  const postgres = new PostgresDialect({ pool })
  const dialect: Dialect = {
    createDriver: () => new GuardedDriver(postgres.createDriver(), () => driverRules),
    createQueryCompiler: () => postgres.createQueryCompiler(),
    createAdapter: () => postgres.createAdapter(),
    createIntrospector: (db) => postgres.createIntrospector(db),
  }
  return new Kysely<Schema>({ dialect })
}

/** Opens a database for readings in transactions. */
export function openPostgresReader(url: string): ConsistentReader {
  return openPostgres(url, Infinity, 1)
}

/**
 * Opens a PostgreSQL database. No connection is made before the first statement.
 *
 * @param url `postgres://user:password@host:port/database`
 * @param writeMsMax how long a write may take; reads get less
 * @param connectionsMax the connections besides two that write and one that listens
 */
export function openPostgres(url: string, writeMsMax = Infinity, connectionsMax = CONNECTIONS_MAX): Backend {
  const responseMsMax = Math.ceil(
    Math.min(RESPONSE_TIMEOUT_MS_MAX, Math.max(RESPONSE_TIMEOUT_MS_MIN, writeMsMax * RESPONSE_PART_OF_WRITE)),
  )
  const statementMsMax = Math.ceil(responseMsMax * STATEMENT_PART_OF_RESPONSE)
  const config: pg.ClientConfig = {
    connectionString: url,
    application_name: 'sallyport',
    // Compiling a query takes longer than any query here runs.
    options: '-c jit=off',
    connectionTimeoutMillis: Math.min(CONNECT_TIMEOUT_MS, responseMsMax),
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_DELAY_MS,
  }
  const pooled: pg.PoolConfig = {
    ...config,
    max: connectionsMax,
    types,
    statement_timeout: statementMsMax,
    lock_timeout: statementMsMax,
    idle_in_transaction_session_timeout: 60_000,
    query_timeout: responseMsMax,
  }
  const pool = new DiscardingPool(pooled)
  const writers = new DiscardingPool({
    ...pooled,
    max: WRITING_CONNECTIONS_MAX,
    query_timeout: WRITING_RESPONSE_TIMEOUT_MS,
    // A write sends statements together that do not need each other's results.
    pipeline: true,
  })
  const migrators = new DiscardingPool({ ...config, max: 1, types }, false)
  const listener = new ChangeListener(config)
  const reader = connect(pool, READING)
  const turn = new WriteTurn(
    () => performance.now(),
    () => writers.cut(),
  )
  return {
    columnTypes: {
      name: sql`text collate "C"`,
      text: sql`text`,
      integer: sql`bigint`,
      tableEnd: sql``,
      jsonRows,
    },
    jsonRows,
    source: { kind: 'postgres', url },
    reader,
    turn,
    writer: connect(writers, writing(turn)),
    migrator: connect(migrators, MIGRATING),
    counter: connect(pool, COUNTING),
    locksRows: true,
    readConsistently: (use) => reader.transaction().execute(use),
    async announce(tx, revision) {
      await tx.executeQuery(CompiledQuery.raw(ANNOUNCE, [String(revision)]))
    },
    onAnnounced: (wake) => listener.listen(wake),
    async [Symbol.asyncDispose]() {
      await listener.close()
      await Promise.all([pool.end(), writers.end(), migrators.end()])
    },
  }
}
