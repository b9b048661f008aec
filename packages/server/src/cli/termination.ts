import { printError } from './output.ts'

/** The maximum time from a termination signal to the end of the process, in ms. */
export const SHUTDOWN_MS_MAX = 10_000

/** Waits for SIGTERM (service manager), SIGINT (Ctrl-C) or SIGHUP (closed terminal). */
export async function terminationSignal(): Promise<NodeJS.Signals> {
  return await new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      // The handler stays installed, so that a second signal does not abort the requests in progress.
      process.on(signal, () => {
        resolve(signal)
      })
    }
  })
}

/** Exits with status 1 if the orderly shutdown takes longer than the limit. */
export function forceEndAfter(limitMs: number): void {
  setTimeout(() => {
    printError(`The shutdown took longer than ${limitMs / 1000} s. Requests still in progress were aborted.`)
    process.exit(1)
  }, limitMs).unref()
}
