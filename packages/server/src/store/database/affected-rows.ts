import { Problem } from '@sallyport/core'
import type { UpdateResult } from 'kysely'

/**
 * Makes sure that a change met the thing it was meant for. Operations look before they write, within the same
 * transaction; this catches the one that forgot.
 *
 * @throws Problem `not_found`
 */
export function mustTouch(result: UpdateResult): void {
  if (result.numUpdatedRows === 0n) throw new Problem('not_found')
}
