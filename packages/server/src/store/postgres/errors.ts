import { Problem } from '@sallyport/core'
import pg from 'pg'
import { referenceConflict, uniqueConflict } from '../database/conflicts.ts'
import { UNIQUE_CONSTRAINTS } from '../sql/registry.ts'

// SQLSTATE codes (https://www.postgresql.org/docs/current/errcodes-appendix.html).
const UNIQUE_VIOLATION = '23505'
const FOREIGN_KEY_VIOLATION = '23503'

/** The server cannot run the statement now; a repeated request may succeed. */
const UNAVAILABLE: ReadonlySet<string> = new Set([
  '25006', // read_only_sql_transaction: a standby after a failover
  '25P03', // idle_in_transaction_session_timeout
  '40001', // serialization_failure
  '40P01', // deadlock_detected
  '55P03', // lock_not_available: the write lock was not free in time
  '57014', // query_canceled: statement_timeout
])

/** Classes of codes about the connection, the resources or the server, not about the statement. */
const UNAVAILABLE_CLASSES: ReadonlySet<string> = new Set(['08', '28', '3D', '53', '57', '58', 'XX'])

/** Turns a PostgreSQL or connection error that callers can act on into a Problem. */
export function translatePostgresError(error: unknown): unknown {
  if (error instanceof Problem || error instanceof TypeError || !(error instanceof Error)) return error
  // All other errors of the driver are about the connection: refused, lost, too slow.
  if (!(error instanceof pg.DatabaseError)) return new Problem('unavailable', { cause: error })
  const code = error.code ?? ''
  if (code === UNIQUE_VIOLATION) return uniqueConflict(UNIQUE_CONSTRAINTS[error.constraint ?? ''], error)
  if (code === FOREIGN_KEY_VIOLATION) return referenceConflict(error)
  if (UNAVAILABLE.has(code) || UNAVAILABLE_CLASSES.has(code.slice(0, 2))) {
    return new Problem('unavailable', { cause: error })
  }
  return error
}
