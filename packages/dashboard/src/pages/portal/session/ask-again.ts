/** How often it is asked whether the session is still open, in ms. */
const ASK_MS = 30_000
/** Clocks of browsers differ a little from that of the server. */
const PAUSE_MS = 1_000

/** How long to wait, in ms, before it is asked again whether a session is open: until it ends at the latest. */
export function askAgainMs(expiresAt: string, nowMs: number): number {
  return Math.max(PAUSE_MS, Math.min(ASK_MS, Date.parse(expiresAt) - nowMs))
}
