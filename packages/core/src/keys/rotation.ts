import { liveSecrets, type KeyFacts, type SecretFacts } from './key-state.ts'
import type { RollPlan } from './rolling.ts'

const DAY_MS = 24 * 60 * 60 * 1000

/** The longest time between two scheduled rolls of a key, in days. */
export const ROTATION_DAYS_MAX = 365

/** For how long the new token of a scheduled roll is offered to its webhook, in ms: a day. */
export const ROTATION_DELIVERED_MS_MAX = DAY_MS

/**
 * Why a key that has a rotation was not rolled, or why its roll was undone. `permission_missing` and `key_not_rollable` mean
 * the same as in a roll by hand.
 */
export const ROTATION_PROBLEMS = [
  'creator_gone',
  'permission_missing',
  'key_not_rollable',
  'webhook_removed',
  'webhook_changed',
  'webhook_inactive',
  'webhook_not_subscribed',
  'webhook_failing',
  'hand_over_refused',
  'not_delivered',
] as const
export type RotationProblem = (typeof ROTATION_PROBLEMS)[number]

/**
 * The subject of the event that delivers a new secret. No other event has it, so the delivery waits for none.
 *
 * @param secretSequence the `sequence` of the secret
 */
export function rotationSubject(key: string, secretSequence: number): string {
  return `key-rotation/${key}/${secretSequence}`
}

/**
 * When a key is due to be rolled: so many days after the creation of its newest secret, but not before the grace of its old
 * one has ended. The secret of an undone roll counts too, so that a person who undoes a roll has until the next one.
 *
 * @returns milliseconds since 1970; long ago for a key without secrets
 */
export function rotationDueMs(key: KeyFacts, everyDays: number): number {
  const createdAtMs = key.secrets.at(-1)?.createdAtMs ?? 0
  const graceEndsMs = key.secrets.slice(0, -1).map(({ expiresAtMs }) => expiresAtMs ?? -Infinity)
  return Math.max(createdAtMs + everyDays * DAY_MS, ...graceEndsMs)
}

/**
 * Plans the end of the old secret of a roll whose new secret has arrived: after the grace, or at its planned end if that is
 * earlier. A roll that is no longer pending needs no end.
 *
 * @param nowMs milliseconds since 1970
 */
export function planGrace<S extends SecretFacts>(
  key: KeyFacts<S>,
  graceSeconds: number,
  nowMs: number,
): RollPlan<S> | undefined {
  const [old, fresh] = liveSecrets(key, nowMs)
  if (key.deletedAtMs !== null || old === undefined || fresh === undefined) return undefined
  const expiresAtMs = Math.min(old.expiresAtMs ?? Infinity, nowMs + graceSeconds * 1000)
  const secrets = key.secrets.map((secret) => (secret === old ? { ...secret, expiresAtMs } : secret))
  return { ok: true, secrets }
}
