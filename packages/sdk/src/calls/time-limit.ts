/** The time that a request may take. */
export interface TimeLimit {
  /** Aborts when the time is over, or when the signal of the call does. */
  readonly signal: AbortSignal
  /** Ends the limit. Without this call its timer goes on. */
  clear(): void
}

/**
 * Starts the time limit of a request.
 *
 * @param msMax milliseconds; null for no limit
 * @param signal of the call, which ends the request too
 */
export function startTimeLimit(msMax: number | null, signal: AbortSignal | undefined): TimeLimit {
  const over = new AbortController()
  const timer = msMax === null ? undefined : setTimeout(() => over.abort(tooSlow(msMax)), msMax)
  return {
    signal: signal === undefined ? over.signal : AbortSignal.any([signal, over.signal]),
    clear: () => clearTimeout(timer),
  }
}

function tooSlow(msMax: number): Error {
  return new Error(`The server did not answer within ${msMax} ms`)
}
