import { hash } from 'node:crypto'

/** `previous_hash` of the first change. */
export const FIRST_CHANGE_HASH = ''

/**
 * The hash of a change. It covers the hash of the change before it, so two databases have the same hash at a revision
 * only if they have the same history up to it.
 *
 * @param recordsJson the stored text of its records
 */
export function changeHash(
  previousHash: string,
  revision: number,
  atMs: number,
  recordsJson: string,
): string {
  return hash('sha256', `${previousHash}\n${revision}\n${atMs}\n${recordsJson}`)
}
