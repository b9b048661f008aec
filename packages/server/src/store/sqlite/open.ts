import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout } from 'node:timers/promises'
import { Kysely, sql } from 'kysely'
import { Problem } from '@sallyport/core'
import type { Schema } from '../database/schema.ts'
import type { Backend } from '../sql/backend.ts'
import type { DriverRules } from '../database/guarded-driver.ts'
import { sqliteDialect } from './dialect.ts'
import { isBusy, translateSqliteError } from './errors.ts'

/** How long a statement waits within SQLite for a lock. The whole thread stands still meanwhile: it must be short. */
const BUSY_TIMEOUT_MS = 20
/** How long opening waits while another process is making the same file. */
const OPEN_TIMEOUT_MS = 5_000
/** How long a writer waits for its turn while another process has it, unless said otherwise. */
const TURN_WAIT_MS_MAX = 10_000
/** Between two attempts to get the turn; the thread is free meanwhile. */
const TURN_RETRY_MS_MAX = 10

/**
 * Takes the turn to write. SQLite gives it to one connection at a time, over all processes; who does not get it asks
 * again after a short while of random length.
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
      await setTimeout(1 + Math.random() * TURN_RETRY_MS_MAX)
    }
  }
}

function writing(waitMsMax: number): DriverRules {
  return {
    begin: (execute) => beginWriting(execute, waitMsMax),
    translate: translateSqliteError,
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
    // The commit is on the disk before it is acknowledged: it survives not only kill -9 but a loss of power.
    database.exec('pragma synchronous = full')
  }
  database.exec(`pragma busy_timeout = ${BUSY_TIMEOUT_MS}`)
  return {
    db: new Kysely<Schema>({ dialect: sqliteDialect(database, rules) }),
    // Kysely closes only what it has used, and this one may never have been.
    close: () => database.close(),
  }
}

/** Makes the folder and the file if need be. Both are for their owner alone: the file holds digests of credentials. */
function makeFile(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  closeSync(openSync(file, 'a', 0o600))
  chmodSync(file, 0o600)
}

/**
 * Opens a SQLite database: one connection that writes, one that reads and need not wait for it, and one more for each
 * snapshot that is being read.
 *
 * @param file its path; folder and file are made when they are not there
 * @param turnWaitMsMax how long a writer waits for its turn while another process has it
 * @throws the system's error when the file cannot be made; Problem `unavailable` when it cannot be opened
 */
export function openSqlite(file: string, turnWaitMsMax = TURN_WAIT_MS_MAX): Backend {
  try {
    makeFile(file)
    const writer = connect(file, writing(turnWaitMsMax), false)
    const reader = connect(file, READING, true)
    return {
      columnTypes: {
        name: sql`text`,
        text: sql`text`,
        integer: sql`integer`,
        // Rows lie in the order of their primary key, so that reading a range of keys reads the file in order.
        tableEnd: sql`strict, without rowid`,
      },
      reader: reader.db,
      writer: writer.db,
      counter: writer.db,
      async readConsistently(use) {
        const moment = connect(file, READING, true)
        try {
          return await moment.db.transaction().execute(use)
        } finally {
          moment.close()
        }
      },
      announce: async () => undefined,
      // SQLite has nobody to tell other processes; they look for themselves, once a second.
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
