import { Problem } from '@sallyport/core'
import { constraintOver, referenceConflict, uniqueConflict } from '../database/conflicts.ts'
import { UNIQUE_CONSTRAINTS } from '../sql/registry.ts'

// Result codes of SQLite (https://www.sqlite.org/rescode.html); the low byte is the primary one.
const SQLITE_BUSY = 5
const SQLITE_LOCKED = 6
const SQLITE_NOMEM = 7
const SQLITE_READONLY = 8
const SQLITE_IOERR = 10
const SQLITE_FULL = 13
const SQLITE_CANTOPEN = 14
const SQLITE_CONSTRAINT_FOREIGNKEY = 787
const SQLITE_CONSTRAINT_PRIMARYKEY = 1555
const SQLITE_CONSTRAINT_UNIQUE = 2067

const UNAVAILABLE: ReadonlySet<number> = new Set([
  SQLITE_BUSY,
  SQLITE_LOCKED,
  SQLITE_NOMEM,
  SQLITE_READONLY,
  SQLITE_IOERR,
  SQLITE_FULL,
  SQLITE_CANTOPEN,
])

const UNIQUE_PREFIX = 'UNIQUE constraint failed: '

/** The extended result code of a SQLite error; undefined for any other error. */
function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined
  return typeof error.errcode === 'number' ? error.errcode : undefined
}

/** Whether another connection holds the lock. */
export function isBusy(error: unknown): boolean {
  const code = resultCode(error)
  return code !== undefined && (code & 0xff) === SQLITE_BUSY
}

/** Turns a SQLite error that callers can act on into a Problem; returns any other error unchanged. */
export function translateSqliteError(error: unknown): unknown {
  const code = resultCode(error)
  if (code === undefined || !(error instanceof Error)) return error
  if (code === SQLITE_CONSTRAINT_UNIQUE || code === SQLITE_CONSTRAINT_PRIMARYKEY) {
    return uniqueConflict(constraintOver(UNIQUE_CONSTRAINTS, error.message.replace(UNIQUE_PREFIX, '')), error)
  }
  if (code === SQLITE_CONSTRAINT_FOREIGNKEY) return referenceConflict(error)
  if (UNAVAILABLE.has(code & 0xff)) return new Problem('unavailable', { cause: error })
  return error
}
