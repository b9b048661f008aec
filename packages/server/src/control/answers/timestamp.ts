/** A time in ms since 1970, as RFC 3339 in UTC. */
export function timestampAnswer(timeMs: number): string {
  return new Date(timeMs).toISOString()
}

export function timestampAnswerOrNull(timeMs: number | null): string | null {
  return timeMs === null ? null : timestampAnswer(timeMs)
}
