import { keyState, liveSecrets, type KeyFacts, type SecretFacts } from './key-state.ts'
import { SECRETS_PER_KEY_MAX } from './key-bounds.ts'
import type { ProblemCode } from '../problems/problems.ts'

/** Why a roll, its finish or its undo is refused. */
export interface RollRefusal {
  readonly ok: false
  readonly code: Extract<ProblemCode, 'roll_pending' | 'key_not_rollable' | 'conflict'>
  readonly detail: string
}

/** The secrets that a key has afterwards. */
export interface RollPlan<S extends SecretFacts> {
  readonly ok: true
  /** Oldest first. */
  readonly secrets: readonly S[]
}

/** A plan that adds a secret after the listed ones. */
export interface NewSecretPlan<S extends SecretFacts> extends RollPlan<S> {
  /** The number of the new secret. */
  readonly newSequence: number
}

/**
 * Plans a new secret for a key. The old secret works until `min(key expiry, now + grace)` and within its lifetime, so a
 * roll never extends a key's expiry. Only active keys can be rolled, so a roll never revives a key either.
 *
 * @param graceSeconds how long the old secret keeps working, 0 to `GRACE_SECONDS_MAX`; the caller checks the range
 * @param nowMs milliseconds since 1970
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
      detail: 'The key already has two live secrets. Finish or undo the pending roll first.',
    }
  }
  if (state !== 'active') {
    return {
      ok: false,
      code: 'key_not_rollable',
      detail: `The key is ${state}. Only an active key can be rolled.`,
    }
  }
  const graceEndsAtMs = Math.min(key.expiresAtMs ?? Infinity, nowMs + graceSeconds * 1000)
  const live = new Set<S>(liveSecrets(key, nowMs))
  const secrets = withRoomForOne(key.secrets, live).map((secret) =>
    live.has(secret)
      ? { ...secret, expiresAtMs: graceEndsAtMs }
      : // A secret that only its lifetime has ended must not come back when the policy is loosened.
        { ...secret, expiresAtMs: Math.min(secret.expiresAtMs ?? Infinity, nowMs) },
  )
  return {
    ok: true,
    secrets,
    newSequence: Math.max(0, ...key.secrets.map(({ sequence }) => sequence)) + 1,
  }
}

/**
 * The secrets without the oldest ended ones that a new secret needs the place of. The live one stays: undone rolls can make
 * it the oldest. A caller that still sends a dropped secret gets `credential_invalid` instead of `key_outdated`.
 */
function withRoomForOne<S extends SecretFacts>(secrets: readonly S[], live: ReadonlySet<S>): readonly S[] {
  let surplus = secrets.length + 1 - SECRETS_PER_KEY_MAX
  return secrets.filter((secret) => live.has(secret) || (surplus -= 1) < 0)
}

/**
 * Plans the finish of a pending roll: the old secret ends now.
 *
 * @param nowMs milliseconds since 1970
 */
export function planFinish<S extends SecretFacts>(
  key: KeyFacts<S>,
  nowMs: number,
): RollPlan<S> | RollRefusal {
  const pending = pendingRoll(key, nowMs)
  if (pending === undefined) return NO_PENDING_ROLL
  return { ok: true, secrets: replaceSecret(key.secrets, pending.old, nowMs) }
}

/**
 * Plans the undo of a pending roll: the new secret ends now, and the old one no longer has an end.
 *
 * @param nowMs milliseconds since 1970
 */
export function planUndo<S extends SecretFacts>(key: KeyFacts<S>, nowMs: number): RollPlan<S> | RollRefusal {
  const pending = pendingRoll(key, nowMs)
  if (pending === undefined) return NO_PENDING_ROLL
  const ended = replaceSecret(key.secrets, pending.fresh, nowMs)
  return { ok: true, secrets: replaceSecret(ended, pending.old, null) }
}

const NO_PENDING_ROLL: RollRefusal = {
  ok: false,
  code: 'conflict',
  detail: 'No roll of this key is pending. Only a pending roll can be finished or undone.',
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
