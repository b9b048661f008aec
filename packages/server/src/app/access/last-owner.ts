import type { KeyReader, KeyRow } from '../../store/port/keys.ts'
import type { OperationContext } from './context.ts'
import { conflict } from '../refusals.ts'

/** Only an owner can give the role owner, so an organization without an owner can never get one again. */
const OWNER = 'owner'

/**
 * Refuses a change that leaves an organization without an active owner key. Call it in the transaction, after the change.
 *
 * @throws Problem `conflict`
 */
export async function requireOwnerLeft(
  { nowMs }: Pick<OperationContext, 'nowMs'>,
  keys: KeyReader,
  before: KeyRow,
  after: KeyRow,
): Promise<void> {
  const atMs = nowMs()
  if (!isOwner(before, atMs) || isOwner(after, atMs)) return
  if ((await keys.countUsingRole(before.organization, OWNER, atMs)) > 0) return
  throw conflict(
    'This is the last active key with the role owner, and an organization needs one. First create another key with the role owner and without an environment.',
  )
}

function isOwner(key: KeyRow, nowMs: number): boolean {
  return (
    key.environment === null &&
    key.deletedAtMs === null &&
    key.active &&
    nowMs < (key.expiresAtMs ?? Infinity) &&
    key.roles.includes(OWNER)
  )
}
