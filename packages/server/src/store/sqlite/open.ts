import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { Kysely, sql, SqliteDriver } from 'kysely'
import { Problem } from '@sallyport/core'
import type { Database, Schema } from '../database/schema.ts'
import type { Backend, ConsistentReader } from '../sql/backend.ts'
import type { DriverRules } from '../database/guarded-driver.ts'
import { WriteTurn } from '../database/write-turn.ts'
import { openConnection } from './connection.ts'
import { ConnectionTurns } from './connection-turns.ts'
import { lendingDialect, sqliteDialect } from './dialect.ts'
import { isBusy, translateSqliteError } from './errors.ts'
import { jsonRows } from './json-rows.ts'
import { StatementCache } from './statement-cache.ts'
import { DatabaseThread, threadDriver } from './database-thread.ts'

/** How long a writer waits by default while another process holds the write lock. */
const LOCK_WAIT_MS_MAX = 10_000
/**
 * How long a counter may take from its arrival to its commit. A slow write, which may take 30 s, must not fail a counter
 * that waits behind it.
 */
const COUNTER_MS_MAX = 45_000
/** The pause between two attempts to get the write lock. The thread is free during the pause. */
const LOCK_RETRY_MS_MAX = 10

/**
 * Takes the write lock, which SQLite gives to one connection of all processes at a time. A failed attempt is repeated
 * after a short random pause.
 */
async function beginWriting(
  execute: (statement: string) => Promise<unknown>,
  waitMsMax: number,
): Promise<void> {
  const deadlineMs = performance.now() + waitMsMax
  for (;;) {
    try {
      await execute('begin immediate')
      return
    } catch (error) {
      const cause = error instanceof Problem ? error.cause : error
      if (!isBusy(cause) || performance.now() >= deadlineMs) throw error
      await setTimeout(1 + Math.random() * LOCK_RETRY_MS_MAX)
    }
  }
}

const monotonicMs = (): number => performance.now()

function newTurn(): WriteTurn {
  // A statement cannot be taken back from the thread. The transaction runs no further one, and is rolled back.
  return new WriteTurn(monotonicMs, () => undefined)
}

/** @param turn holds the deadline of the transaction */
function writing(waitMsMax: number, turn: WriteTurn): DriverRules {
  return {
    begin: (execute) => beginWriting(execute, Math.min(waitMsMax, turn.remainingMs)),
    translate: translateSqliteError,
    requireTime: () => turn.requireTime(),
    onCommit: () => turn.commits(),
  }
}

/** The rules of one counter, whose deadline is its own. */
function counting(waitMsMax: number): DriverRules {
  const turn = newTurn()
  turn.start(monotonicMs() + COUNTER_MS_MAX)
  return writing(waitMsMax, turn)
}

const READING: DriverRules = {
  async begin(execute) {
    await execute('begin')
  },
  translate: translateSqliteError,
}

interface ReadConnection {
  readonly db: Database
  close(): void
}

/** A connection of this thread: its queries are short. */
function openReader(file: string): ReadConnection {
  const database = new StatementCache(openConnection(file, true))
  const dialect = sqliteDialect(() => new SqliteDriver({ database }), READING)
  // Kysely closes a database only after its first query, which this one may never have had.
  return { db: new Kysely<Schema>({ dialect }), close: () => database.close() }
}

/** Opens a file for readings in transactions. @throws SQLite's errors */
export function openSqliteReader(file: string): ConsistentReader {
  const reader = openReader(file)
  return {
    readConsistently: (use) => reader.db.transaction().execute(use),
    [Symbol.asyncDispose]: async () => {
      await Promise.resolve()
      reader.close()
    },
  }
}

/** Creates the folder and the file. Only the owner can access them, because the file holds digests of credentials. */
function createFile(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  closeSync(openSync(file, 'a', 0o600))
  chmodSync(file, 0o600)
}

/**
 * Opens a SQLite database: one connection that writes, in a thread of its own, one that reads without waiting for it, and
 * one for each snapshot while it is read.
 *
 * @param file its path; folder and file are created if they do not exist
 * @param lockWaitMsMax how long a writer waits while another process holds the write lock
 * @throws the system's error when the file cannot be created; Problem `unavailable` when it cannot be opened
 */
export async function openSqlite(file: string, lockWaitMsMax = LOCK_WAIT_MS_MAX): Promise<Backend> {
  await using opening = new AsyncDisposableStack()
  try {
    createFile(file)
    const thread = await DatabaseThread.open(file)
    opening.defer(() => thread.close())
    const reader = openReader(file)
    opening.defer(() => reader.close())
    const turn = newTurn()
    const turns = new ConnectionTurns()
    const rules = writing(lockWaitMsMax, turn)
    const writes = lendingDialect(
      () => threadDriver(thread, turns),
      () => rules,
    )
    const counters = lendingDialect(
      () => threadDriver(thread, turns, COUNTER_MS_MAX),
      () => counting(lockWaitMsMax),
    )
    const writer = new Kysely<Schema>({ dialect: writes })
    const connections = opening.move()
    return {
      columnTypes: {
        name: sql`text`,
        text: sql`text`,
        integer: sql`integer`,
        // Rows are stored in the order of their primary key, so a range of keys is read in file order.
        tableEnd: sql`strict, without rowid`,
        jsonRows,
      },
      jsonRows,
      source: { kind: 'sqlite', file },
      reader: reader.db,
      writer,
      migrator: writer,
      turn,
      counter: new Kysely<Schema>({ dialect: counters }),
      locksRows: false,
      async readConsistently(use) {
        await using snapshot = openSqliteReader(file)
        return await snapshot.readConsistently(use)
      },
      announce: async () => undefined,
      // SQLite cannot notify other processes; they poll once a second.
      onAnnounced: () => () => undefined,
      [Symbol.asyncDispose]: () => connections.disposeAsync(),
    }
  } catch (error) {
    throw translateSqliteError(error)
  }
}
