import { complain } from './output.ts'

/** A server that was told to end is gone within this, in ms, whatever its callers do. */
export const SHUTDOWN_MS_MAX = 10_000

/** Waits for the signal to end: SIGTERM from a supervisor, SIGINT from a keyboard, SIGHUP from a closed terminal. */
export async function terminationSignal(): Promise<NodeJS.Signals> {
  return await new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      // The handler stays: a second signal must not cut off the requests that are being finished.
      process.on(signal, () => {
        resolve(signal)
      })
    }
  })
}

/** Ends the process by force when an orderly end takes too long. */
export function forceEndAfter(limitMs: number): void {
  setTimeout(() => {
    complain(`Not everything ended within ${limitMs / 1000} s; stopping now.`)
    process.exit(1)
  }, limitMs).unref()
}
