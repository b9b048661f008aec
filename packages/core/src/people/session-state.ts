/** How long a session lasts without a request. */
export const SESSION_IDLE_MS_MAX = 12 * 60 * 60 * 1000
/** How long a session lasts, however much it is used. */
export const SESSION_MS_MAX = 14 * 24 * 60 * 60 * 1000
/** How long ago a person must have confirmed who they are for an act that cannot be undone. */
export const CONFIRMED_MS_MAX = 5 * 60 * 1000

/** What decides whether a session lets a person in. Times are in ms since 1970. */
export interface SessionFacts {
  /** When it ends, however much it is used. */
  readonly expiresAtMs: number
  readonly lastUsedAtMs: number
  /** When a second factor was verified in it; null if none was. */
  readonly secondFactorAtMs: number | null
}

/**
 * Why a session lets nobody in, or undefined if it does. It is asked on every request, so no way of signing in can leave
 * the second factor out.
 *
 * @param hasSecondFactor whether the person has a second factor now
 */
export function sessionRefusal(
  { expiresAtMs, lastUsedAtMs, secondFactorAtMs }: SessionFacts,
  hasSecondFactor: boolean,
  nowMs: number,
): 'ended' | 'second_factor_required' | undefined {
  if (nowMs >= sessionEndMs({ expiresAtMs, lastUsedAtMs })) return 'ended'
  return hasSecondFactor && secondFactorAtMs === null ? 'second_factor_required' : undefined
}

/** When a session ends if it is not used again. */
export function sessionEndMs({
  expiresAtMs,
  lastUsedAtMs,
}: Pick<SessionFacts, 'expiresAtMs' | 'lastUsedAtMs'>): number {
  return Math.min(expiresAtMs, lastUsedAtMs + SESSION_IDLE_MS_MAX)
}

/** Whether a person confirmed who they are recently enough for an act that cannot be undone. */
export function isConfirmed(confirmedAtMs: number, nowMs: number): boolean {
  return nowMs < confirmedAtMs + CONFIRMED_MS_MAX
}
