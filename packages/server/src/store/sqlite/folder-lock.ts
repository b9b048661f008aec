import { chmodSync, closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { isBusy } from './errors.ts'

/** An empty database. Its exclusive lock is held by the process, and the system frees it however the process ends. */
const LOCK_FILE = 'sallyport.lock'
/** Says who holds the lock, for people. */
const HOLDER_FILE = 'sallyport.lock.json'

/**
 * Locks a data folder for this process, so that no second server uses its SQLite database. The lock ends with the
 * process, also after `kill -9`.
 *
 * @param folder created if it does not exist
 * @throws Error that names the process that holds the lock; the system's error when the folder cannot be
 *   written
 */
export function lockFolder(folder: string, nowMs: () => number): Disposable {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, LOCK_FILE)
  closeSync(openSync(path, 'a', 0o600))
  const database = new DatabaseSync(path, { timeout: 0 })
  try {
    database.exec('begin exclusive')
  } catch (error) {
    database.close()
    if (!isBusy(error)) throw error
    throw new Error(
      `The data folder ${folder} is in use by ${holderOf(folder)}. Stop that process, or set SALLYPORT_DATA to ` +
        'another folder. To run several processes, use PostgreSQL: set SALLYPORT_DATABASE_URL.',
      { cause: error },
    )
  }
  writeHolder(folder, nowMs())
  return {
    [Symbol.dispose]() {
      database.close()
    },
  }
}

interface Holder {
  readonly pid: number
  readonly host: string
  readonly since: string
}

function writeHolder(folder: string, nowMs: number): void {
  const holder: Holder = { pid: process.pid, host: hostname(), since: new Date(nowMs).toISOString() }
  const path = join(folder, HOLDER_FILE)
  try {
    writeFileSync(path, `${JSON.stringify(holder)}\n`, { mode: 0o600 })
    chmodSync(path, 0o600)
  } catch (error) {
    // On a full disk the lock still holds; only the name of its holder is missing.
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
  }
}

function holderOf(folder: string): string {
  try {
    const { pid, host, since } = JSON.parse(readFileSync(join(folder, HOLDER_FILE), 'utf8')) as Holder
    return `process ${pid} on ${host}, since ${since}`
  } catch {
    return 'another process'
  }
}
