import { DatabaseSync } from 'node:sqlite'

/** How long opening waits while another process creates the file. */
const OPEN_TIMEOUT_MS = 5_000
/** How long a statement waits for a lock inside SQLite. The wait blocks the thread, so it must be short. */
const BUSY_TIMEOUT_MS = 20

/** The most pages that the writer keeps in memory, in KiB. */
const WRITER_CACHE_KIB = 64 * 1024
/** The pages of 4 KiB in the write-ahead log from which on they are copied into the file: 32 MiB. */
const CHECKPOINT_PAGES = 8_192

/** Opens a connection that reads, or one that also writes. @throws SQLite's errors */
export function openConnection(file: string, readOnly: boolean): DatabaseSync {
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
    // Zeros over what is deleted, such as the encrypted token of a hand-over, where that needs no further write to the disk.
    database.exec('pragma secure_delete = fast')
    // An import changes thousands of pages in a transaction. They must fit, or they are written more than once.
    database.exec(`pragma cache_size = -${WRITER_CACHE_KIB}`)
    // A statement of many rows keeps the pages that it changes, in case it fails midway. With files for them, an import took
    // a fifth more processor time in this thread.
    database.exec('pragma temp_store = memory')
    // Pages that change in many transactions are then copied into the file once for all of them.
    database.exec(`pragma wal_autocheckpoint = ${CHECKPOINT_PAGES}`)
  }
  database.exec(`pragma busy_timeout = ${BUSY_TIMEOUT_MS}`)
  return database
}
