import { keyState, liveSecrets, type KeyFacts, type SecretFacts } from './key-state.ts'
import { SECRETS_PER_KEY_MAX } from './key-bounds.ts'
import type { ProblemCode } from '../problems/problems.ts'

/** Why a key's secrets stay as they are. */
export interface RollRefusal {
  readonly ok: false
  readonly code: Extract<ProblemCode, 'roll_pending' | 'key_not_rollable' | 'conflict'>
  readonly detail: string
}

/** What becomes of a key's secrets, oldest first. */
export interface RollPlan<S extends SecretFacts> {
  readonly ok: true
  readonly secrets: readonly S[]
}

/** The same, and the number that the new secret takes after them. */
export interface NewSecretPlan<S extends SecretFacts> extends RollPlan<S> {
  readonly newSequence: number
}

/**
 * Plans a new secret under the same key. The old one works until `min(key expiry, now + grace)`, so a roll never
 * extends a key; and a key that is not active is not rolled, so it never revives one.
 *
 * @param graceSeconds how long the old secret goes on, 0 to `GRACE_SECONDS_MAX`; checked by the caller
 */
export function planRoll<S extends SecretFacts>(
  key: KeyFacts<S>,
  graceSeconds: number,
  nowMs: number,
): NewSecretPlan<S> | RollRefusal {
  const state = keyState(key, nowMs)
  if (state === 'rolling') {
    return {
      ok: false,
      code: 'roll_pending',
      detail: 'This key has two live secrets already. Finish or undo that roll first.',
    }
  }
  if (state !== 'active') {
    return {
      ok: false,
      code: 'key_not_rollable',
      detail: `The key is ${state}, and a roll never revives a key.`,
    }
  }
  const graceEndsAtMs = Math.min(key.expiresAtMs ?? Infinity, nowMs + graceSeconds * 1000)
  const live = new Set<S>(liveSecrets(key, nowMs))
  const secrets = key.secrets.map((secret) =>
    live.has(secret) ? { ...secret, expiresAtMs: graceEndsAtMs } : secret,
  )
  return {
    ok: true,
    // The oldest secrets are forgotten: a caller that still has one is told that it is invalid, not outdated.
    secrets: secrets.slice(Math.max(0, secrets.length + 1 - SECRETS_PER_KEY_MAX)),
    newSequence: Math.max(0, ...key.secrets.map(({ sequence }) => sequence)) + 1,
  }
}

/** Plans the end of a pending roll: the old secret ends now. */
export function planFinish<S extends SecretFacts>(
  key: KeyFacts<S>,
  nowMs: number,
): RollPlan<S> | RollRefusal {
  const pending = pendingRoll(key, nowMs)
  if (pending === undefined) return NO_ROLL
  return { ok: true, secrets: replaceSecret(key.secrets, pending.old, nowMs) }
}

/** Plans the way back from a pending roll: the new secret ends now, and the old one has no end of its own again. */
export function planUndo<S extends SecretFacts>(key: KeyFacts<S>, nowMs: number): RollPlan<S> | RollRefusal {
  const pending = pendingRoll(key, nowMs)
  if (pending === undefined) return NO_ROLL
  const ended = replaceSecret(key.secrets, pending.fresh, nowMs)
  return { ok: true, secrets: replaceSecret(ended, pending.old, null) }
}

const NO_ROLL: RollRefusal = {
  ok: false,
  code: 'conflict',
  detail: 'No roll of this key is pending: it has one live secret.',
}

function pendingRoll<S extends SecretFacts>(
  key: KeyFacts<S>,
  nowMs: number,
): { old: S; fresh: S } | undefined {
  if (key.deletedAtMs !== null) return undefined
  const [old, fresh] = liveSecrets(key, nowMs)
  return old === undefined || fresh === undefined ? undefined : { old, fresh }
}

function replaceSecret<S extends SecretFacts>(
  secrets: readonly S[],
  { sequence }: SecretFacts,
  expiresAtMs: number | null,
): readonly S[] {
  return secrets.map((secret) => (secret.sequence === sequence ? { ...secret, expiresAtMs } : secret))
}
