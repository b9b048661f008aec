import type { KeyRateLimits, Title } from '@sallyport/core'
import type { AddressRule } from '../../address/address-rules.ts'
import type { KeyRow } from '../../store/port/keys.ts'
import type { CountedPage, Page, PageRequest } from '../../store/port/pages/paging.ts'
import type { UsageSum } from '../../store/port/usage.ts'
import type { OperationContext } from '../access/context.ts'
import type { KeyWithToken } from '../hand-overs/issue-hand-over.ts'
import { createKey } from '../keys/create-key.ts'
import { deleteKey, type DeletedKey } from '../keys/delete-key.ts'
import { listKeys } from '../keys/list-keys.ts'
import { rollProgress, type RollProgress } from '../keys/roll-progress.ts'
import { readUsage, type ReadUsageInput } from '../usage/read-usage.ts'
import { findInPortal, requireScope } from './own-consumer.ts'

/**
 * Lists the keys of the portal session's consumer, without deleted ones, and counts them.
 *
 * @throws Problem `permission_missing`
 */
export async function listPortalKeys(
  context: OperationContext,
  page: PageRequest,
): Promise<CountedPage<KeyRow>> {
  const { organization, consumer } = requireScope(context, 'keys.read')
  return await listKeys(context, { ...page, organization, consumer })
}

export interface PortalKeyName {
  /** A key's id. */
  readonly key: string
}

export interface PortalKeyWithRoll {
  readonly key: KeyRow
  /** Null if the key is not rolling. */
  readonly roll: RollProgress | null
}

/**
 * Returns a key of the consumer, and how its roll goes on. A deleted one remains as a tombstone.
 *
 * @throws Problem `not_found`, `permission_missing`
 */
export async function getPortalKey(
  context: OperationContext,
  { key: id }: PortalKeyName,
): Promise<PortalKeyWithRoll> {
  const { organization } = requireScope(context, 'keys.read')
  const key = await findInPortal('keys.read')(context, context.store.read.keys, organization, id)
  return { key, roll: await rollProgress(context, key) }
}

export interface CreatePortalKeyInput {
  readonly name: Title
  readonly expiresAtMs?: number | null | undefined
  readonly addressRules?: readonly AddressRule[] | undefined
  readonly rateLimits?: KeyRateLimits | undefined
}

/**
 * Creates a secret key of the consumer, without roles.
 *
 * @throws Problem `permission_missing` also for wider bounds than those of the key that issued the session,
 *   `conflict` if the consumer has too many keys, `quota_exceeded`
 */
export async function createPortalKey(
  context: OperationContext,
  input: CreatePortalKeyInput,
): Promise<KeyWithToken> {
  const { organization, consumer } = requireScope(context, 'keys.create')
  return await createKey(context, { ...input, organization, consumer, type: 'secret' })
}

/** Deletes a key of the consumer. @throws Problem `not_found`, `permission_missing` */
export async function deletePortalKey(
  context: OperationContext,
  { key }: PortalKeyName,
): Promise<DeletedKey> {
  const { organization } = requireScope(context, 'keys.delete')
  return await deleteKey(context, { organization, key }, findInPortal('keys.delete'))
}

/** Sums up the requests of the consumer. @throws Problem `permission_missing`, `invalid_request` */
export async function readPortalUsage(
  context: OperationContext,
  input: Omit<ReadUsageInput, 'organization' | 'consumer' | 'environment'>,
): Promise<Page<UsageSum>> {
  const { organization, consumer } = requireScope(context, 'usage.read')
  return await readUsage(context, { ...input, organization, consumer })
}
