import { Problem } from '@sallyport/core'

/** The permission of a request's bytes to pass the gateway, in either direction. */
export interface Passage {
  /** Whether bytes may pass now. It reads the clock, because the process may have been paused just before. */
  mayPass(): boolean
  /** Calls `resume` once when bytes may pass again; never if the request has ended by then. */
  whenOpen(resume: () => void): void
}

/**
 * Waits until bytes may pass.
 *
 * @param signal ends the wait
 * @throws Problem `snapshot_stale`, as a rejection, when the signal ended the wait
 */
export async function untilMayPass(passage: Passage, signal: AbortSignal): Promise<void> {
  if (passage.mayPass()) return
  const opened = Promise.withResolvers<undefined>()
  const end = (): void => opened.reject(new Problem('snapshot_stale'))
  signal.addEventListener('abort', end)
  if (signal.aborted) end()
  passage.whenOpen(() => opened.resolve(undefined))
  try {
    await opened.promise
  } finally {
    signal.removeEventListener('abort', end)
  }
}
