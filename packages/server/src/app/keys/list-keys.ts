import type { Freshness, KeyState, KeyType, LabelFilter } from '@sallyport/core'
import { KEY_ORDERS, type KeyOrder, type KeySelection } from '../../store/port/key-lists.ts'
import type { CountedPage, PageRequest } from '../../store/port/pages/paging.ts'
import type { OperationContext } from '../access/context.ts'
import { requireKnown } from '../access/known-filters.ts'
import { visibleScopes } from '../access/permission-checks.ts'
import { type NamedKeyRow, withConsumerNames } from './consumer-names.ts'
import { QUIET_SECONDS } from './roll-progress.ts'

const DAY_MS = 24 * 60 * 60 * 1000

export interface ListKeysInput extends PageRequest {
  readonly organization: string
  /** Words of `parseKeySearch`. */
  readonly search?: readonly string[] | undefined
  readonly type?: KeyType | undefined
  readonly state?: KeyState | undefined
  readonly environment?: string | undefined
  /** A consumer's id. */
  readonly consumer?: string | undefined
  readonly role?: string | undefined
  readonly label?: readonly LabelFilter[] | undefined
  readonly freshness?: Freshness | undefined
  readonly expiresWithinDays?: number | undefined
  readonly unusedForDays?: number | undefined
  readonly neverUsed?: boolean | undefined
  readonly oldSecretUsed?: boolean | undefined
  readonly includeDeleted?: boolean | undefined
  /** With `-` before it, the reverse order. */
  readonly sort?: KeyOrder['by'] | `-${KeyOrder['by']}` | undefined
}

/**
 * Lists the keys that the actor may read, and counts them. Times are relative to now, on each page anew.
 *
 * @throws Problem `not_found`, `permission_missing`, `invalid_request` for a cursor of another list
 */
export async function listKeys(
  context: OperationContext,
  input: ListKeysInput,
): Promise<CountedPage<NamedKeyRow>> {
  const { organization, limit, cursor } = input
  const visible = visibleScopes(context, organization, 'keys.read', ['environment'])
  const selection = keySelection(input, context.nowMs())
  const page = await context.store.read.keys.list(organization, { limit, cursor, visible }, selection)
  if (page.items.length === 0) await requireKnown(context, organization, 'keys.read', input)
  return { ...page, items: await withConsumerNames(context, organization, page.items) }
}

/**
 * What the store is asked for.
 *
 * @param atMs the time that relative times are relative to
 */
export function keySelection(input: Omit<ListKeysInput, keyof PageRequest>, atMs: number): KeySelection {
  const { freshness, expiresWithinDays, unusedForDays, neverUsed, oldSecretUsed } = input
  const filter = {
    words: input.search,
    type: input.type,
    state: input.state && { is: input.state, atMs },
    environment: input.environment,
    consumer: input.consumer,
    role: input.role,
    labels: input.label,
    expires:
      expiresWithinDays === undefined
        ? undefined
        : { afterMs: atMs, untilMs: atMs + expiresWithinDays * DAY_MS },
    freshness: freshness && { is: freshness, atMs },
    unusedSinceMs: unusedForDays === undefined ? undefined : atMs - unusedForDays * DAY_MS,
    isUsed: neverUsed === undefined ? undefined : !neverUsed,
    oldSecret:
      oldSecretUsed === undefined
        ? undefined
        : { isUsed: oldSecretUsed, sinceMs: atMs - QUIET_SECONDS * 1000, atMs },
    includeDeleted: input.includeDeleted,
  }
  return { filter, order: orderOf(input.sort) }
}

function orderOf(sort: ListKeysInput['sort']): KeyOrder | undefined {
  const by = KEY_ORDERS.find((order) => sort === order || sort === `-${order}`)
  return by && { by, isDescending: sort !== by }
}
