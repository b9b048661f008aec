/** The upstream did not respond within the step's timeout. */
export class UpstreamTimeout extends Error {
  override readonly name = 'UpstreamTimeout'
  readonly code = 'ETIMEDOUT'
}

/**
 * Works with a signal that also ends after a time.
 *
 * @param timeoutMs null for no limit but the signal
 * @throws what the work throws
 */
export async function withinTime<T>(
  timeoutMs: number | null,
  signal: AbortSignal,
  work: (ended: AbortSignal) => Promise<T>,
): Promise<T> {
  const ending = new AbortController()
  const end = (): void => ending.abort(signal.reason)
  signal.addEventListener('abort', end)
  if (signal.aborted) end()
  const clock =
    timeoutMs === null
      ? undefined
      : setTimeout(
          () => ending.abort(new UpstreamTimeout('no response within the timeout of the step')),
          timeoutMs,
        )
  try {
    return await work(ending.signal)
  } finally {
    signal.removeEventListener('abort', end)
    clearTimeout(clock)
  }
}
