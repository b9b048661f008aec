import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout } from 'node:timers/promises'
import { Kysely, sql } from 'kysely'
import { Problem } from '@sallyport/core'
import type { Schema } from '../database/schema.ts'
import type { Backend } from '../sql/backend.ts'
import type { DriverRules } from '../database/guarded-driver.ts'
import { WriteTurn } from '../database/write-turn.ts'
import { sqliteDialect } from './dialect.ts'
import { isBusy, translateSqliteError } from './errors.ts'

/** How long a statement waits for a lock inside SQLite. The wait blocks the thread, so it must be short. */
const BUSY_TIMEOUT_MS = 20
/** How long opening waits while another process creates the file. */
const OPEN_TIMEOUT_MS = 5_000
/** How long a writer waits by default while another process holds the write lock. */
const LOCK_WAIT_MS_MAX = 10_000
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

function writing(waitMsMax: number, turn: WriteTurn): DriverRules {
  return {
    begin: (execute) => beginWriting(execute, Math.min(waitMsMax, turn.remainingMs)),
    translate: translateSqliteError,
    requireTime: () => turn.requireTime(),
  }
}

const READING: DriverRules = {
  async begin(execute) {
    await execute('begin')
  },
  translate: translateSqliteError,
}

interface Connection {
  readonly db: Kysely<Schema>
  close(): void
}

function connect(file: string, rules: DriverRules, readOnly: boolean): Connection {
  const database = new DatabaseSync(file, {
    readOnly,
    timeout: OPEN_TIMEOUT_MS,
    enableForeignKeyConstraints: true,
    enableDoubleQuotedStringLiterals: false,
  })
  if (!readOnly) {
    database.exec('pragma journal_mode = wal')
    // A commit is on the disk before it is acknowledged, so it survives a power loss as well as kill -9.
    database.exec('pragma synchronous = full')
  }
  database.exec(`pragma busy_timeout = ${BUSY_TIMEOUT_MS}`)
  return {
    db: new Kysely<Schema>({ dialect: sqliteDialect(database, rules) }),
    // Kysely closes a database only after its first query, which this one may never have had.
    close: () => database.close(),
  }
}

/** Creates the folder and the file. Only the owner can access them, because the file holds digests of credentials. */
function createFile(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  closeSync(openSync(file, 'a', 0o600))
  chmodSync(file, 0o600)
}

/**
 * Opens a SQLite database: one connection that writes, one that reads without waiting for it, and one for each snapshot
 * while it is read.
 *
 * @param file its path; folder and file are created if they do not exist
 * @param lockWaitMsMax how long a writer waits while another process holds the write lock
 * @throws the system's error when the file cannot be created; Problem `unavailable` when it cannot be opened
 */
export function openSqlite(file: string, lockWaitMsMax = LOCK_WAIT_MS_MAX): Backend {
  try {
    createFile(file)
    // SQLite answers synchronously, so a write never waits for an answer.
    const turn = new WriteTurn(
      () => performance.now(),
      () => undefined,
    )
    const writer = connect(file, writing(lockWaitMsMax, turn), false)
    const reader = connect(file, READING, true)
    return {
      columnTypes: {
        name: sql`text`,
        text: sql`text`,
        integer: sql`integer`,
        // Rows are stored in the order of their primary key, so a range of keys is read in file order.
        tableEnd: sql`strict, without rowid`,
      },
      reader: reader.db,
      writer: writer.db,
      turn,
      counter: writer.db,
      async readConsistently(use) {
        const snapshot = connect(file, READING, true)
        try {
          return await snapshot.db.transaction().execute(use)
        } finally {
          snapshot.close()
        }
      },
      announce: async () => undefined,
      // SQLite cannot notify other processes; they poll once a second.
      onAnnounced: () => () => undefined,
      async [Symbol.asyncDispose]() {
        reader.close()
        writer.close()
      },
    }
  } catch (error) {
    throw translateSqliteError(error)
  }
}
