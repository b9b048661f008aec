/**
 * The generic cell rate algorithm (ITU-T I.371, the "virtual scheduling" form): one number per counter, the
 * theoretical arrival time, says everything. Unlike a fixed window it lets no double burst through at a boundary.
 */
export interface GcraVerdict {
  readonly allowed: boolean
  /** The new theoretical arrival time to store, in ms; unchanged when refused. */
  readonly arrivalAtMs: number
  /** How many more requests would go through at once. */
  readonly remaining: number
  /** When refused: how long until one request goes through, in ms; else 0. */
  readonly retryAfterMs: number
  /** How long until the whole burst is available again, in ms. */
  readonly resetAfterMs: number
}

/**
 * Judges one request against "at most `requests` per `windowMs`".
 *
 * @param arrivalAtMs the stored theoretical arrival time, or 0 for a caller never seen
 */
export function gcra(requests: number, windowMs: number, arrivalAtMs: number, nowMs: number): GcraVerdict {
  const intervalMs = windowMs / requests
  const base = Math.max(arrivalAtMs, nowMs)
  const next = base + intervalMs
  // A request conforms while the time already spoken for, its own share included, fits in one window. The slack
  // absorbs rounding: n intervals of windowMs / n must fit exactly.
  const slackMs = intervalMs * 1e-6
  if (next - nowMs > windowMs + slackMs) {
    return {
      allowed: false,
      arrivalAtMs,
      remaining: 0,
      retryAfterMs: Math.max(0, next - nowMs - windowMs),
      resetAfterMs: Math.max(0, arrivalAtMs - nowMs),
    }
  }
  return {
    allowed: true,
    arrivalAtMs: next,
    remaining: Math.max(0, Math.floor((windowMs - (next - nowMs)) / intervalMs + 1e-6)),
    retryAfterMs: 0,
    resetAfterMs: next - nowMs,
  }
}
