import { type KeyAge, lifetimeEndsAtMs } from './key-age.ts'

/** The state of a key as the API shows it: derived from stored facts and the clock, never stored. */
export type KeyState = 'active' | 'rolling' | 'inactive' | 'expired' | 'deleted'

/** Why a call with a secret of a key is denied. */
export type KeyRefusal = 'key_deleted' | 'key_inactive' | 'key_expired' | 'key_outdated'

/**
 * Why a call with a secret of a key is denied, or undefined when the state of both allows it.
 *
 * @param endsAtMs of `keyEndsAtMs`: milliseconds since 1970; `Infinity` for no end, so that the hot path only
 *   compares numbers
 * @param endsAtMsOfSecret likewise, of `secretEndsAtMs`
 * @param nowMs milliseconds since 1970
 */
export function keyRefusal(
  deleted: boolean,
  active: boolean,
  endsAtMs: number,
  endsAtMsOfSecret: number,
  nowMs: number,
): KeyRefusal | undefined {
  if (deleted) return 'key_deleted'
  if (!active) return 'key_inactive'
  // The expiry instant is already outside the lifetime, as with JWT "exp" (RFC 7519 section 4.1.4).
  if (nowMs >= endsAtMs) return 'key_expired'
  if (nowMs >= endsAtMsOfSecret) return 'key_outdated'
  return undefined
}

/** The secrets of a key and the policy about their age. */
export interface AgingKey<S extends SecretFacts = SecretFacts> {
  /** Oldest first. */
  readonly secrets: readonly S[]
  /** What the key's environment, or its organization for a key without an environment, says about age now. */
  readonly age: KeyAge
}

/** The facts that a key's state and its rolling depend on. Times are milliseconds since 1970. */
export interface KeyFacts<S extends SecretFacts = SecretFacts> extends AgingKey<S> {
  readonly active: boolean
  readonly deletedAtMs: number | null
  readonly expiresAtMs: number | null
}

/** The facts about one secret of a key. Times are milliseconds since 1970. */
export interface SecretFacts {
  /** 1 for the key's first secret, then 2, 3, … */
  readonly sequence: number
  readonly createdAtMs: number
  /** When the grace of a rolled secret ends; null for the current secret. */
  readonly expiresAtMs: number | null
}

/** The secret that no roll has ended: the newest one, or the old one after the undo of a roll. */
export function currentSecret<S extends Pick<SecretFacts, 'expiresAtMs'>>(
  secrets: readonly S[],
): S | undefined {
  return secrets.findLast(({ expiresAtMs }) => expiresAtMs === null) ?? secrets.at(-1)
}

/**
 * When the maximum lifetime ends the current secret, and the key with it: milliseconds since 1970; `Infinity` without a
 * maximum.
 */
export function keyLifetimeEndsAtMs({ secrets, age }: AgingKey): number {
  const current = currentSecret(secrets)
  return current === undefined ? Infinity : lifetimeEndsAtMs(current.createdAtMs, age.maxLifetimeDays)
}

/** When a key ends, by its expiry or its current secret's lifetime: milliseconds since 1970; `Infinity` for never. */
export function keyEndsAtMs(key: AgingKey & Pick<KeyFacts, 'expiresAtMs'>): number {
  return Math.min(key.expiresAtMs ?? Infinity, keyLifetimeEndsAtMs(key))
}

/** When a secret ends, by its grace or its lifetime: milliseconds since 1970; `Infinity` for never. */
export function secretEndsAtMs(
  { age }: Pick<AgingKey, 'age'>,
  { createdAtMs, expiresAtMs }: SecretFacts,
): number {
  return Math.min(expiresAtMs ?? Infinity, lifetimeEndsAtMs(createdAtMs, age.maxLifetimeDays))
}

/**
 * The state of a key at a time.
 *
 * @param nowMs milliseconds since 1970
 */
export function keyState(key: KeyFacts, nowMs: number): KeyState {
  if (key.deletedAtMs !== null) return 'deleted'
  if (!key.active) return 'inactive'
  if (nowMs >= keyEndsAtMs(key)) return 'expired'
  return liveSecrets(key, nowMs).length > 1 ? 'rolling' : 'active'
}

/**
 * The secrets whose grace and lifetime have not ended, oldest first. The state of the key itself is not considered.
 *
 * @param nowMs milliseconds since 1970
 */
export function liveSecrets<S extends SecretFacts>(key: AgingKey<S>, nowMs: number): S[] {
  return key.secrets.filter((secret) => nowMs < secretEndsAtMs(key, secret))
}
