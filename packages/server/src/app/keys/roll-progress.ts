import { keyState, liveSecrets, secretEndsAtMs } from '@sallyport/core'
import type { KeyRow } from '../../store/port/keys.ts'
import type { RollUse } from '../../store/port/usage.ts'
import type { OperationContext } from '../access/context.ts'
import { type NamedKeyRow, withConsumerName } from './consumer-names.ts'
import { getKey, type GetKeyInput } from './reading.ts'

/** How long the old secret must not have been used before the roll can be finished without harm. */
export const QUIET_SECONDS = 3600

export interface KeyWithRoll {
  readonly key: NamedKeyRow
  /** Null if the key is not rolling. */
  readonly roll: RollProgress | null
}

/** A roll in progress, as somebody sees it who wants to finish it. */
export interface RollProgress {
  /** When the old secret ends by itself, in ms since 1970. */
  readonly endsAtMs: number
  readonly isSafeToFinish: boolean
  /** Why it is not safe; null if it is. */
  readonly reason: 'old_secret_in_use' | 'new_secret_not_used' | null
  /** Of the live secrets, oldest first. */
  readonly uses: readonly RollUse[]
}

/** Returns one key, and how its roll goes on. */
export async function getKeyWithRoll(context: OperationContext, input: GetKeyInput): Promise<KeyWithRoll> {
  const key = await getKey(context, input)
  return { key: await withConsumerName(context, key), roll: await rollProgress(context, key) }
}

/**
 * The progress of a key's roll; null if the key is not rolling. It is safe to finish the roll when the old secret has been
 * quiet for `QUIET_SECONDS` and callers have the new one: it was used, or the old one never was.
 */
export async function rollProgress(
  { store, nowMs }: Pick<OperationContext, 'store' | 'nowMs'>,
  key: KeyRow,
): Promise<RollProgress | null> {
  const atMs = nowMs()
  if (keyState(key, atMs) !== 'rolling') return null
  const [old, current] = liveSecrets(key, atMs)
  if (old === undefined || current === undefined) return null
  const uses = await store.read.usage.rollUses(key.organization, key.id, atMs)
  const isQuiet = atMs - (old.lastUsedAtMs ?? -Infinity) >= QUIET_SECONDS * 1000
  const isTakenOver = current.lastUsedAtMs !== null || old.lastUsedAtMs === null
  const reason = !isQuiet ? 'old_secret_in_use' : isTakenOver ? null : 'new_secret_not_used'
  return {
    endsAtMs: secretEndsAtMs(key, old),
    isSafeToFinish: reason === null,
    reason,
    uses: uses.filter(({ sequence }) => sequence === old.sequence || sequence === current.sequence),
  }
}
