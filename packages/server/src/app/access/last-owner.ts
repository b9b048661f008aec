import { keyEndsAtMs } from '@sallyport/core'
import type { KeyRow } from '../../store/port/keys.ts'
import type { MemberRow } from '../../store/port/people/members.ts'
import type { Reader } from '../../store/port/store.ts'
import type { OperationContext } from './context.ts'
import { conflict } from '../refusals.ts'

/** Only an owner can give the role owner, so an organization without an owner can never get one again. */
export const OWNER = 'owner'

/** Later than any expiry. */
const FOREVER_MS = Number.MAX_SAFE_INTEGER

const REMEDY =
  'First create another key with the role owner, without an environment and without an expiry, or make another member an owner.'

type OwnerReaders = Pick<Reader, 'keys' | 'members'>

/**
 * Refuses a change of a key that leaves an organization without an owner: a member, or an active key. If the key never
 * expired, one that never expires must be left: time would end the last one. Call it in the transaction, after the change.
 *
 * @throws Problem `conflict`
 */
export async function requireOwnerLeft(
  { nowMs }: Pick<OperationContext, 'nowMs'>,
  { keys, members }: OwnerReaders,
  before: KeyRow,
  after: KeyRow,
): Promise<void> {
  const atMs = nowMs()
  const neededAtMs = isOwnerAt(before, FOREVER_MS) ? FOREVER_MS : atMs
  if (!isOwnerAt(before, neededAtMs) || isOwnerAt(after, neededAtMs)) return
  const { organization } = before
  if ((await keys.countUsingRole(organization, OWNER, neededAtMs)) > 0) return
  if ((await members.countUsingRole(organization, OWNER)) > 0) return
  const kind =
    neededAtMs === FOREVER_MS
      ? 'active key with the role owner that never expires'
      : 'active key with the role owner'
  throw conflict(`This is the last ${kind}, no member is an owner, and an organization needs one. ${REMEDY}`)
}

/**
 * Refuses a change of a member that leaves an organization without an owner: another member, or an active key that never
 * expires. Call it in the transaction, after the change.
 *
 * @param rolesAfter none for a member who was removed
 * @throws Problem `conflict`
 */
export async function requireOwnerLeftBeside(
  { keys, members }: OwnerReaders,
  { organization, roles }: MemberRow,
  rolesAfter: readonly string[],
): Promise<void> {
  if (!roles.includes(OWNER) || rolesAfter.includes(OWNER)) return
  if ((await members.countUsingRole(organization, OWNER)) > 0) return
  if ((await keys.countUsingRole(organization, OWNER, FOREVER_MS)) > 0) return
  throw conflict(`This is the last owner, and an organization needs one. ${REMEDY}`)
}

/**
 * Refuses a maximum lifetime that leaves an organization without an owner at once. Call it in the transaction, after the
 * change.
 *
 * @throws Problem `conflict`
 */
export async function requireOwnerWithin(
  { nowMs }: Pick<OperationContext, 'nowMs'>,
  { keys, members }: OwnerReaders,
  organization: string,
): Promise<void> {
  if ((await keys.countUsingRole(organization, OWNER, nowMs())) > 0) return
  if ((await members.countUsingRole(organization, OWNER)) > 0) return
  throw conflict(
    'This lifetime would end every key with the role owner at once, no member is an owner, and an organization needs one. First roll such a key or make a member an owner, or choose a longer lifetime.',
  )
}

function isOwnerAt(key: KeyRow, atMs: number): boolean {
  return (
    key.environment === null &&
    key.deletedAtMs === null &&
    key.active &&
    atMs < keyEndsAtMs(key) &&
    key.roles.includes(OWNER)
  )
}
