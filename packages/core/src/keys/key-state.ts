/** The state of a key as the API shows it: derived from stored facts and the clock, never stored. */
export type KeyState = 'active' | 'rolling' | 'inactive' | 'expired' | 'deleted'

/** Why a call with a secret of a key is denied. */
export type KeyRefusal = 'key_deleted' | 'key_inactive' | 'key_expired' | 'key_outdated'

/**
 * Why a call with a secret of a key is denied, or undefined when the state of both allows it.
 *
 * @param keyExpiresAtMs milliseconds since 1970; `Infinity` for no expiry, so that the hot path only compares numbers
 * @param secretExpiresAtMs likewise, when the grace of a rolled secret ends
 * @param nowMs milliseconds since 1970
 */
export function keyRefusal(
  deleted: boolean,
  active: boolean,
  keyExpiresAtMs: number,
  secretExpiresAtMs: number,
  nowMs: number,
): KeyRefusal | undefined {
  if (deleted) return 'key_deleted'
  if (!active) return 'key_inactive'
  // The expiry instant is already outside the lifetime, as with JWT "exp" (RFC 7519 section 4.1.4).
  if (nowMs >= keyExpiresAtMs) return 'key_expired'
  if (nowMs >= secretExpiresAtMs) return 'key_outdated'
  return undefined
}

/** The facts that a key's state and its rolling depend on. Times are milliseconds since 1970. */
export interface KeyFacts<S extends SecretFacts = SecretFacts> {
  readonly active: boolean
  readonly deletedAtMs: number | null
  readonly expiresAtMs: number | null
  /** Oldest first. */
  readonly secrets: readonly S[]
}

/** The facts about one secret of a key. */
export interface SecretFacts {
  /** 1 for the key's first secret, then 2, 3, … */
  readonly sequence: number
  /** When the grace of a rolled secret ends; null for the current secret. */
  readonly expiresAtMs: number | null
}

/**
 * The state of a key at a time.
 *
 * @param nowMs milliseconds since 1970
 */
export function keyState(key: KeyFacts, nowMs: number): KeyState {
  if (key.deletedAtMs !== null) return 'deleted'
  if (!key.active) return 'inactive'
  if (key.expiresAtMs !== null && nowMs >= key.expiresAtMs) return 'expired'
  return liveSecrets(key, nowMs).length > 1 ? 'rolling' : 'active'
}

/**
 * The secrets whose grace has not ended, oldest first. The state of the key itself is not considered.
 *
 * @param nowMs milliseconds since 1970
 */
export function liveSecrets<S extends SecretFacts>(
  key: { readonly secrets: readonly S[] },
  nowMs: number,
): S[] {
  return key.secrets.filter((secret) => secret.expiresAtMs === null || nowMs < secret.expiresAtMs)
}
