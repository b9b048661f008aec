import { Problem } from '@sallyport/core'
import { isAbortedTransactionError } from 'kysely'
import pg from 'pg'
import { referenceConflict, uniqueConflict } from '../database/conflicts.ts'
import { writeUnconfirmed } from '../database/write-turn.ts'
import { UNIQUE_CONSTRAINTS } from '../sql/registry.ts'

/**
 * What an error says. `unavailable`: the server cannot run the statement now, which is neither the caller's fault nor a
 * fault of the statement. `unique` and `reference`: the data conflicts with the request. `internal`: our statement or
 * its data is wrong.
 */
type ErrorKind = 'unavailable' | 'unique' | 'reference' | 'internal'

/** By the first two characters of the SQLSTATE (https://www.postgresql.org/docs/18/errcodes-appendix.html). */
export const SQLSTATE_CLASSES: Readonly<Record<string, ErrorKind>> = {
  '00': 'internal', // successful completion: not an error
  '01': 'internal', // warning
  '02': 'internal', // no data
  '03': 'internal', // SQL statement not yet complete
  '08': 'unavailable', // connection exception
  '09': 'internal', // triggered action exception
  '0A': 'unavailable', // feature not supported: a standby refuses a transaction that writes
  '0B': 'internal', // invalid transaction initiation
  '0F': 'internal', // locator exception
  '0L': 'internal', // invalid grantor
  '0P': 'internal', // invalid role specification
  '0Z': 'internal', // diagnostics exception
  '10': 'internal', // XQuery error
  '20': 'internal', // case not found
  '21': 'internal', // cardinality violation
  '22': 'internal', // data exception
  '23': 'internal', // integrity constraint violation, apart from the codes below
  '24': 'internal', // invalid cursor state
  '25': 'internal', // invalid transaction state, apart from the codes below
  '26': 'internal', // invalid SQL statement name
  '27': 'internal', // triggered data change violation
  '28': 'unavailable', // invalid authorization specification: the server rejects our credentials
  '2B': 'internal', // dependent privilege descriptors still exist
  '2D': 'internal', // invalid transaction termination
  '2F': 'internal', // SQL routine exception
  '34': 'internal', // invalid cursor name
  '38': 'internal', // external routine exception
  '39': 'internal', // external routine invocation exception
  '3B': 'internal', // savepoint exception
  '3D': 'unavailable', // invalid catalog name: the database does not exist
  '3F': 'unavailable', // invalid schema name: the schema does not exist
  '40': 'unavailable', // transaction rollback: serialization failure, deadlock
  '42': 'internal', // syntax error or access rule violation, apart from the codes below
  '44': 'internal', // WITH CHECK OPTION violation
  '53': 'unavailable', // insufficient resources: disk full, out of memory, too many connections
  '54': 'internal', // program limit exceeded
  '55': 'unavailable', // object not in prerequisite state: lock not available, object in use
  '57': 'unavailable', // operator intervention: shutdown, starting up, statement timeout
  '58': 'unavailable', // system error: input or output failed
  '72': 'unavailable', // snapshot too old
  F0: 'unavailable', // configuration file error
  HV: 'unavailable', // foreign data wrapper error
  P0: 'internal', // PL/pgSQL error
  XX: 'unavailable', // internal error of the server: corrupted data or index
}

/** Codes that differ from their class. */
export const SQLSTATES: Readonly<Record<string, ErrorKind>> = {
  '23503': 'reference', // foreign_key_violation
  '23505': 'unique', // unique_violation
  '25006': 'unavailable', // read_only_sql_transaction: a standby, or default_transaction_read_only
  '25P03': 'unavailable', // idle_in_transaction_session_timeout
  '25P04': 'unavailable', // transaction_timeout
  '42501': 'unavailable', // insufficient_privilege: an operator took a right away from our role
}

/** A code of a class that is not in the table comes from an extension or a proxy, so the fault is on our side. */
const UNKNOWN_CLASS: ErrorKind = 'unavailable'

/** What a SQLSTATE says. */
export function sqlStateKind(code: string): ErrorKind {
  return SQLSTATES[code] ?? SQLSTATE_CLASSES[code.slice(0, 2)] ?? UNKNOWN_CLASS
}

/** Turns a PostgreSQL or connection error that callers can act on into a Problem. */
export function translatePostgresError(error: unknown): unknown {
  if (error instanceof Problem || error instanceof TypeError || !(error instanceof Error)) return error
  // All other errors of the driver are about the connection: refused, lost, too slow.
  if (!(error instanceof pg.DatabaseError)) return new Problem('unavailable', { cause: error })
  switch (sqlStateKind(error.code ?? '')) {
    case 'unique':
      return uniqueConflict(UNIQUE_CONSTRAINTS[error.constraint ?? ''], error)
    case 'reference':
      return referenceConflict(error)
    case 'unavailable':
      return new Problem('unavailable', { cause: error })
    case 'internal':
      return error
  }
}

/**
 * The classes of errors with which a server refuses a commit. With all others it can answer one that is done: it ends, or fails
 * after it has written it. A disk without space (53100) is among these: the server ends when its log cannot grow, and recovers
 * what it has written before.
 */
const REFUSING_CLASSES: ReadonlySet<string> = new Set(['0A', '25', '40', '42', '55', '72'])
/** It is in one of them, and says that the server does not know: statement_completion_unknown. */
const COMPLETION_UNKNOWN = '40003'

/** Whether the server has said that a commit was not done. */
function isRefused(error: unknown): boolean {
  if (isAbortedTransactionError(error)) return true
  if (!(error instanceof pg.DatabaseError)) return false
  const { code = '' } = error
  return REFUSING_CLASSES.has(code.slice(0, 2)) && code !== COMPLETION_UNKNOWN
}

/** The same for an error of a commit, which may have been done unless the server has refused it. */
export function translateCommitError(error: unknown): unknown {
  const translated = translatePostgresError(error)
  const isUnavailable = translated instanceof Problem && translated.code === 'unavailable'
  return isUnavailable && !isRefused(error) ? writeUnconfirmed(error) : translated
}
