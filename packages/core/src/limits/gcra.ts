/** The result of one request against a limit. */
export interface GcraVerdict {
  readonly allowed: boolean
  /** The counter's level at `nowMs`, in requests. Store it with `nowMs`, whether the request is allowed or not. */
  readonly level: number
  /** How many more requests would be allowed now. */
  readonly remaining: number
  /** When not allowed: how long until one request would be, in whole milliseconds, rounded up; otherwise 0. */
  readonly retryAfterMs: number
  /** How long until the whole burst is available again, in whole milliseconds, rounded up. */
  readonly resetAfterMs: number
}

/**
 * How far a level may exceed the limit, as a share of the limit. It absorbs rounding, so that a caller who waits exactly
 * `retryAfterMs` is allowed. For a monthly limit it is worth 0.003 ms.
 */
const SLACK_SHARE = 1e-12

/**
 * Checks one request against "at most `requests` per `windowMs`" with the generic cell rate algorithm (ITU-T I.371).
 * Unlike a fixed window, it never allows a double burst at a window boundary.
 *
 * Of the two equivalent forms of the algorithm this is the continuous-state leaky bucket, whose level counts requests and
 * stays small. The other form, virtual scheduling, adds `windowMs / requests` to a time. At 1.7e12 ms a 64-bit float has
 * steps of 0.00024 ms, and a limit of a million per second allowed 1,024,000.
 *
 * @param requests the size of the burst, which refills evenly over the window
 * @param windowMs the length of the window in milliseconds
 * @param level the stored level, also one under another number of requests; 0 for a new caller
 * @param levelAtMs when the level was stored, in milliseconds since 1970; any time for a new caller
 * @param nowMs milliseconds since 1970; when the clock was set back, the level does not change
 */
export function gcra(
  requests: number,
  windowMs: number,
  level: number,
  levelAtMs: number,
  nowMs: number,
): GcraVerdict {
  // A level above the limit was reached under an earlier, higher one: the caller has used all of the lower one, and no more.
  return gcraWithDebt(requests, windowMs, Math.min(level, requests), levelAtMs, nowMs)
}

/**
 * `gcra` for a counter that several gateways share, which may have allowed more than the limit together: what exceeds the
 * limit is a debt, and drains before another request is allowed.
 *
 * @param requests as for `gcra`, also the number under which the level was stored
 */
export function gcraWithDebt(
  requests: number,
  windowMs: number,
  level: number,
  levelAtMs: number,
  nowMs: number,
): GcraVerdict {
  const elapsedMs = Math.max(0, nowMs - levelAtMs)
  const drained = Math.max(0, level - (elapsedMs * requests) / windowMs)
  const filled = drained + 1
  const slack = requests * SLACK_SHARE
  // Half of the slack, so that a request at exactly that time is still within the other half.
  const drainMs = (count: number) => Math.max(0, Math.ceil(((count - slack / 2) * windowMs) / requests))
  if (filled > requests + slack) {
    return {
      allowed: false,
      level: drained,
      remaining: 0,
      retryAfterMs: drainMs(filled - requests),
      resetAfterMs: drainMs(drained),
    }
  }
  return {
    allowed: true,
    level: filled,
    remaining: Math.max(0, Math.floor(requests - filled + slack)),
    retryAfterMs: 0,
    resetAfterMs: drainMs(filled),
  }
}
