import { Problem } from '@sallyport/core'
import type { DeleteResult, UpdateResult } from 'kysely'

/*
 * Operations read a row before they change it, in the same transaction. These checks catch an operation that does
 * not.
 */

/** @throws Problem `not_found` when the update changed no row */
export function requireUpdated(result: UpdateResult): void {
  if (result.numUpdatedRows === 0n) throw new Problem('not_found')
}

/** @throws Problem `not_found` when the statement deleted no row */
export function requireDeleted(result: DeleteResult): void {
  if (result.numDeletedRows === 0n) throw new Problem('not_found')
}
