import { DatabaseSync } from 'node:sqlite'

/** How long opening waits while another process creates the file. */
const OPEN_TIMEOUT_MS = 5_000
/** How long a statement waits for a lock inside SQLite. The wait blocks the thread, so it must be short. */
const BUSY_TIMEOUT_MS = 20

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
  }
  database.exec(`pragma busy_timeout = ${BUSY_TIMEOUT_MS}`)
  return database
}
