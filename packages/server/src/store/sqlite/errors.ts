import { Problem } from '@sallyport/core'
import { constraintOver, referenceConflict, uniqueConflict } from '../database/conflicts.ts'
import { UNIQUE_CONSTRAINTS } from '../sql/registry.ts'

/**
 * What an error says. `unavailable`: the file cannot be used now, which is neither the caller's fault nor a fault of the
 * statement. `unique` and `reference`: the data conflicts with the request. `internal`: our statement or its data is
 * wrong.
 */
type ErrorKind = 'unavailable' | 'unique' | 'reference' | 'internal'

const SQLITE_BUSY = 5

/** By primary result code (https://www.sqlite.org/rescode.html), which is the low byte of an extended one. */
export const RESULT_CODES: Readonly<Record<number, ErrorKind>> = {
  0: 'internal', // SQLITE_OK: not an error
  1: 'internal', // SQLITE_ERROR: generic
  2: 'unavailable', // SQLITE_INTERNAL: a fault inside SQLite
  3: 'unavailable', // SQLITE_PERM: the access mode of a new file cannot be set
  4: 'unavailable', // SQLITE_ABORT: another statement rolled the transaction back
  [SQLITE_BUSY]: 'unavailable', // another process holds the lock
  6: 'unavailable', // SQLITE_LOCKED: another connection of this process holds the lock
  7: 'unavailable', // SQLITE_NOMEM: out of memory
  8: 'unavailable', // SQLITE_READONLY: the file or its folder cannot be written
  9: 'unavailable', // SQLITE_INTERRUPT: the statement was interrupted
  10: 'unavailable', // SQLITE_IOERR: the operating system reported an error, which a full disk can also cause
  11: 'unavailable', // SQLITE_CORRUPT: the file is damaged
  12: 'internal', // SQLITE_NOTFOUND: an unknown file control
  13: 'unavailable', // SQLITE_FULL: the disk is full
  14: 'unavailable', // SQLITE_CANTOPEN: the file or its write-ahead log cannot be opened
  15: 'unavailable', // SQLITE_PROTOCOL: the locks of the write-ahead log are contended
  16: 'internal', // SQLITE_EMPTY: not used
  17: 'unavailable', // SQLITE_SCHEMA: the schema changed while the statement ran
  18: 'internal', // SQLITE_TOOBIG: a value or statement is too large
  19: 'internal', // SQLITE_CONSTRAINT, apart from the codes below
  20: 'internal', // SQLITE_MISMATCH: a value has the wrong type
  21: 'internal', // SQLITE_MISUSE: a wrong call
  22: 'unavailable', // SQLITE_NOLFS: the file system does not support files of this size
  23: 'unavailable', // SQLITE_AUTH: an authorizer refused the statement
  24: 'internal', // SQLITE_FORMAT: not used
  25: 'internal', // SQLITE_RANGE: a parameter that the statement does not have
  26: 'unavailable', // SQLITE_NOTADB: the file is not a database
  27: 'internal', // SQLITE_NOTICE
  28: 'internal', // SQLITE_WARNING
  100: 'internal', // SQLITE_ROW: not an error
  101: 'internal', // SQLITE_DONE: not an error
}

/** Extended codes that differ from their primary one. */
export const EXTENDED_RESULT_CODES: Readonly<Record<number, ErrorKind>> = {
  787: 'reference', // SQLITE_CONSTRAINT_FOREIGNKEY
  1555: 'unique', // SQLITE_CONSTRAINT_PRIMARYKEY
  2067: 'unique', // SQLITE_CONSTRAINT_UNIQUE
}

const UNIQUE_PREFIX = 'UNIQUE constraint failed: '

/** The extended result code of a SQLite error; undefined for any other error. */
function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined
  return typeof error.errcode === 'number' ? error.errcode : undefined
}

/** What a result code says, primary or extended. */
export function resultCodeKind(code: number): ErrorKind {
  // A code that is not in the table is newer than it, and then SQLite says more than our statements rely on.
  return EXTENDED_RESULT_CODES[code] ?? RESULT_CODES[code & 0xff] ?? 'unavailable'
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
  switch (resultCodeKind(code)) {
    case 'unique':
      return uniqueConflict(
        constraintOver(UNIQUE_CONSTRAINTS, error.message.replace(UNIQUE_PREFIX, '')),
        error,
      )
    case 'reference':
      return referenceConflict(error)
    case 'unavailable':
      return new Problem('unavailable', { cause: error })
    case 'internal':
      return error
  }
}
