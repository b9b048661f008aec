import type { ConsumerRecord } from '../feed/records.ts'
import { keyRefusal } from '../keys/key-state.ts'
import type { KeyId } from '../keys/key-text.ts'
import type { KeyView } from '../snapshot/key-view.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import type { KeyClaim } from './credentials.ts'
import type { DenyReason } from './deny.ts'

/** A key, with the secret that the caller sent. */
export interface CheckedKey {
  readonly key: KeyView
  /** The index of the secret among the key's secrets. */
  readonly secretIndex: number
  /** The consumer that the key belongs to; undefined for a key of the organization itself. */
  readonly consumer: ConsumerRecord | undefined
  /** Why the key's state denies the request; undefined for an active key. */
  readonly refusal: DenyReason | undefined
}

/**
 * Finds the key whose secret the caller sent. The key's state is only revealed to callers with a secret of the key.
 *
 * @param digest SHA-256 of the token in the claim, 32 bytes; null when the claim has no token
 * @param nowMs milliseconds since 1970
 * @param foreignKeyId the id that a key with this foreign token has; null if no key has a foreign token
 * @returns the key, or the reason why the request is denied if the caller sent no secret of a key
 */
export function checkKey(
  snapshot: Snapshot,
  claim: KeyClaim,
  digest: Uint8Array | null,
  nowMs: number,
  foreignKeyId: KeyId | null = null,
): CheckedKey | DenyReason {
  switch (claim.kind) {
    case 'missing':
    case 'half':
      return 'credential_missing'
    case 'ambiguous':
      return 'credential_ambiguous'
    case 'invalid':
      return 'credential_invalid'
    case 'token':
      return withSecret(snapshot, claim.parsed.keyId, digest, nowMs) ?? 'credential_invalid'
    case 'foreign':
      return (
        (foreignKeyId === null ? undefined : withSecret(snapshot, foreignKeyId, digest, nowMs)) ??
        (claim.otherwise === 'missing' ? 'credential_missing' : 'credential_invalid')
      )
  }
}

/** The key with this id, if it has the secret. */
function withSecret(
  snapshot: Snapshot,
  id: KeyId,
  digest: Uint8Array | null,
  nowMs: number,
): CheckedKey | undefined {
  const key = snapshot.keys.find(id)
  if (key === undefined || digest === null) return undefined
  const secretIndex = key.findSecret(digest)
  if (secretIndex < 0) return undefined
  const consumer = consumerOfKey(snapshot, key)
  const refusal = keyStateRefusal(key, consumer, key.secretEndsAtMs(secretIndex), nowMs)
  return { key, secretIndex, consumer, refusal }
}

/** The consumer that a key belongs to, or undefined. */
export function consumerOfKey(snapshot: Snapshot, key: KeyView): ConsumerRecord | undefined {
  return snapshot.consumerOf(key)
}

/**
 * Why the key's state denies the request, or undefined. A key whose consumer is inactive or unknown is inactive.
 *
 * @param secretEndsAtMs milliseconds since 1970; `Infinity` when the secret does not matter or has no end
 * @param nowMs milliseconds since 1970
 */
export function keyStateRefusal(
  key: KeyView,
  consumer: ConsumerRecord | undefined,
  secretEndsAtMs: number,
  nowMs: number,
): DenyReason | undefined {
  const isActive = key.isActive && (consumer === undefined ? key.consumer === null : consumer.active)
  return keyRefusal(key.isDeleted, isActive, key.endsAtMs, secretEndsAtMs, nowMs)
}
