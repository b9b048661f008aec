import type { KeyReader, KeyRow } from '../../store/port/keys.ts'
import type { OperationContext } from './context.ts'
import { conflict } from '../refusals.ts'

/** Only an owner can give the role owner, so an organization without an owner can never get one again. */
const OWNER = 'owner'

/** Later than any expiry. */
const FOREVER_MS = Number.MAX_SAFE_INTEGER

/**
 * Refuses a change that leaves an organization without an active owner key, or without one that never expires if it had
 * one: time would then end the last one. Call it in the transaction, after the change.
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
  const neededAtMs = isOwnerAt(before, FOREVER_MS) ? FOREVER_MS : atMs
  if (!isOwnerAt(before, neededAtMs) || isOwnerAt(after, neededAtMs)) return
  if ((await keys.countUsingRole(before.organization, OWNER, neededAtMs)) > 0) return
  const kind =
    neededAtMs === FOREVER_MS
      ? 'active key with the role owner that never expires'
      : 'active key with the role owner'
  throw conflict(
    `This is the last ${kind}, and an organization needs one. First create another key with the role owner, without an environment and without an expiry.`,
  )
}

function isOwnerAt(key: KeyRow, atMs: number): boolean {
  return (
    key.environment === null &&
    key.deletedAtMs === null &&
    key.active &&
    atMs < (key.expiresAtMs ?? Infinity) &&
    key.roles.includes(OWNER)
  )
}
