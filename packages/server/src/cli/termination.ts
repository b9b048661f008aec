import { constants } from 'node:os'
import { printError } from './output.ts'

/** The maximum time from a termination signal to the end of the process, in ms: less than the 10 s that are promised. */
export const SHUTDOWN_MS_MAX = 9_500

/** SIGTERM (service manager), SIGINT (Ctrl-C) and SIGHUP (closed terminal). */
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const

/** Calls `end` at each termination signal. The handlers stay, so that a second signal does not abort requests. */
export function onTermination(end: (signal: NodeJS.Signals) => void): void {
  for (const signal of SIGNALS) process.on(signal, end)
}

function exit(signal: NodeJS.Signals): never {
  process.exit(128 + constants.signals[signal])
}

/**
 * Makes termination signals end the process at once, until it is disposed of. That is the system's own behaviour, which
 * also works while this process is busy or waits for a disk. Only the first process of a container has to handle signals.
 */
export function endAtOnce(): Disposable {
  if (process.pid === 1) onTermination(exit)
  return {
    [Symbol.dispose]() {
      for (const signal of SIGNALS) process.off(signal, exit)
    },
  }
}

/** Exits with status 1 if the orderly shutdown takes longer than the limit. */
export function forceEndAfter(limitMs: number): void {
  setTimeout(() => {
    printError(`The shutdown took longer than ${limitMs / 1000} s. Requests still in progress were aborted.`)
    process.exit(1)
  }, limitMs).unref()
}
