import type { KeyClaim } from './credentials.ts'
import type { DenyReason } from './deny.ts'
import type { ConsumerRecord } from '../feed/records.ts'
import { keyRefusal } from '../keys/key-state.ts'
import type { KeyView } from '../snapshot/key-view.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'

/** A live key, and which of its secrets was shown. */
export interface CheckedKey {
  readonly key: KeyView
  readonly place: number
  /** The consumer that holds the key; undefined for a key of the organization itself. */
  readonly consumer: ConsumerRecord | undefined
}

/**
 * The live key whose secret was shown, or why there is none. Who does not hold a secret learns nothing of the key's
 * state.
 *
 * @param digest SHA-256 of the token that the claim holds, 32 bytes; null where it holds none
 */
export function checkKey(
  snapshot: Snapshot,
  claim: KeyClaim,
  digest: Uint8Array | null,
  nowMs: number,
): CheckedKey | DenyReason {
  switch (claim.kind) {
    case 'missing':
      return 'credential_missing'
    case 'ambiguous':
      return 'credential_ambiguous'
    case 'invalid':
      return 'credential_invalid'
    case 'token': {
      const key = snapshot.keys.find(claim.parsed.keyId)
      if (key === undefined || digest === null) return 'credential_invalid'
      const place = key.findSecret(digest)
      if (place < 0) return 'credential_invalid'
      const consumer = holderOf(snapshot, key)
      return stateRefusal(key, consumer, key.secretExpiresAtMs(place), nowMs) ?? { key, place, consumer }
    }
  }
}

/** The consumer that holds a key, where there is one. */
export function holderOf(snapshot: Snapshot, key: KeyView): ConsumerRecord | undefined {
  const { consumer } = key
  return consumer === null ? undefined : snapshot.consumer(consumer)
}

/** Why the key's state refuses, or undefined. A key is no more active than the consumer that holds it. */
export function stateRefusal(
  key: KeyView,
  consumer: ConsumerRecord | undefined,
  secretExpiresAtMs: number,
  nowMs: number,
): DenyReason | undefined {
  const isActive = key.isActive && (consumer === undefined ? key.consumer === null : consumer.active)
  return keyRefusal(key.isDeleted, isActive, key.expiresAtMs, secretExpiresAtMs, nowMs)
}
