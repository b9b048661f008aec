/** The state of a key as a person sees it; derived from stored facts and the clock, never stored. */
export type KeyState = 'active' | 'rolling' | 'inactive' | 'expired' | 'deleted'

/** Why a call with a well-known secret does not go on. */
export type KeyRefusal = 'key_deleted' | 'key_inactive' | 'key_expired' | 'key_outdated'

/**
 * Why a call with this secret of this key is refused, or undefined when it goes on. `Infinity` stands for no expiry,
 * so that the hot path compares numbers alone.
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

/** The facts about a key that its state and its rolling depend on. */
export interface KeyFacts<S extends SecretFacts = SecretFacts> {
  readonly active: boolean
  readonly deletedAtMs: number | null
  readonly expiresAtMs: number | null
  /** Oldest first. */
  readonly secrets: readonly S[]
}

export interface SecretFacts {
  readonly sequence: number
  readonly expiresAtMs: number | null
}

/** The state of a key at `nowMs`. */
export function keyState(key: KeyFacts, nowMs: number): KeyState {
  if (key.deletedAtMs !== null) return 'deleted'
  if (!key.active) return 'inactive'
  if (key.expiresAtMs !== null && nowMs >= key.expiresAtMs) return 'expired'
  return liveSecrets(key, nowMs).length > 1 ? 'rolling' : 'active'
}

/** The secrets of a key whose grace is not over, oldest first; their key's own state is another question. */
export function liveSecrets<S extends SecretFacts>(
  key: { readonly secrets: readonly S[] },
  nowMs: number,
): S[] {
  return key.secrets.filter((secret) => secret.expiresAtMs === null || nowMs < secret.expiresAtMs)
}
