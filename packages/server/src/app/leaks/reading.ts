import type { KeyId } from '@sallyport/core'
import type { LeakFilter, LeakRow } from '../../store/port/keys/leaks.ts'
import type { KeyReader, KeyRow } from '../../store/port/keys.ts'
import type { Page, PageRequest } from '../../store/port/pages/paging.ts'
import type { OperationContext } from '../access/context.ts'
import { requireKnown } from '../access/known-filters.ts'
import { visibleScopes } from '../access/permission-checks.ts'
import { isLive } from './is-live.ts'

export interface ListLeaksInput extends PageRequest, LeakFilter {
  readonly organization: string
}

/** A leak, and what its key is now. */
export interface ListedLeak extends LeakRow {
  readonly keyName: string
  /** Of the secret that was found; null if the key has it no more. */
  readonly hint: string | null
  /** Whether the secret works now. */
  readonly stillLive: boolean
}

/** Lists where secrets of the keys that the actor may read were found, newest first. */
export async function listLeaks(
  context: OperationContext,
  { organization, key, environment, ...page }: ListLeaksInput,
): Promise<Page<ListedLeak>> {
  const visible = visibleScopes(context, organization, 'keys.read', ['environment'])
  const { leaks, keys } = context.store.read
  const { items, next } = await leaks.list(organization, { ...page, visible }, { key, environment })
  if (items.length === 0) await requireKnown(context, organization, 'keys.read', { environment, key })
  const found = await keysOf(keys, organization, items)
  const nowMs = context.nowMs()
  return {
    items: items.flatMap((leak) => {
      const row = found.get(leak.key)
      return row === undefined ? [] : [withKey(leak, row, nowMs)]
    }),
    next,
  }
}

async function keysOf(
  keys: KeyReader,
  organization: string,
  leaks: readonly LeakRow[],
): Promise<ReadonlyMap<KeyId, KeyRow>> {
  const ids = [...new Set(leaks.map(({ key }) => key))]
  const rows = await Promise.all(ids.map(async (id) => await keys.get(organization, id)))
  return new Map(rows.flatMap((row) => (row === undefined ? [] : [[row.id, row]])))
}

function withKey(leak: LeakRow, key: KeyRow, nowMs: number): ListedLeak {
  const secret = key.secrets.find(({ sequence }) => sequence === leak.secretSequence)
  return {
    ...leak,
    keyName: key.name,
    hint: secret?.hint ?? null,
    stillLive: isLive(key, leak.secretSequence, nowMs),
  }
}
