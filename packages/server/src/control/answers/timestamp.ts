/** A time in ms since 1970 as RFC 3339 in UTC. */
export function momentAnswer(timeMs: number): string {
  return new Date(timeMs).toISOString()
}

/** The same for a time that may not be. */
export function momentAnswerOrNull(timeMs: number | null): string | null {
  return timeMs === null ? null : momentAnswer(timeMs)
}
