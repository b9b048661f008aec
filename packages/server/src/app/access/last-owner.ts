import type { KeyReader, KeyRow } from '../../store/port/keys.ts'
import type { OperationContext } from './context.ts'
import { conflict } from '../refusals.ts'

/** The role without which nobody could make another key that has it: nobody can give what they do not have. */
const OWNER = 'owner'

/**
 * Refuses a change that would leave an organization without a key that owns it, which locks everybody out for good.
 * Asked within the transaction, after the change.
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
    'This is the last active key with the role owner, and without one nobody could manage the organization. Make another key with the role owner, of no environment, first.',
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
