/** What the limiter keeps and tells after one request. */
export interface GcraVerdict {
  readonly allowed: boolean
  /** How many requests the counter holds at `nowMs`: keep it together with `nowMs`, refused or not. */
  readonly level: number
  /** How many more requests would go through at once. */
  readonly remaining: number
  /** When refused: how long until one request goes through, in whole ms, rounded up; else 0. */
  readonly retryAfterMs: number
  /** How long until the whole burst is available again, in whole ms, rounded up. */
  readonly resetAfterMs: number
}

/**
 * How far a level may lie above the limit, as a share of the limit: rounding must not keep one waiting a millisecond
 * more than was said. In time it is a share of the window, 0.003 ms of a month.
 */
const SLACK_SHARE = 1e-12

/**
 * Judges one request against "at most `requests` per `windowMs`" by the generic cell rate algorithm (ITU-T I.371), so
 * that no double burst goes through at a boundary as it does with a fixed window.
 *
 * Of its two equivalent forms this is the continuous-state leaky bucket: the level counts requests and stays small. The
 * other one adds `windowMs / requests` to a time, and at 1.7e12 ms a 64-bit float has steps of 0.00024 ms, so that a
 * million a second let 1,024,000 through.
 *
 * @param level the kept level, or 0 for a caller never seen
 * @param levelAtMs when that level was right, in ms since 1970; any time for a caller never seen
 * @param nowMs a clock that was set back gives no refill and takes none away
 */
export function gcra(
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
  // Half of the slack, so that whoever comes exactly then is still within the other half.
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
