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

/**
 * Kills this process if the orderly shutdown takes longer than the limit. `process.exit` would not end it: it waits for
 * all threads, and one of them may wait inside of the operating system, such as for a disk that hangs.
 */
export function forceEndAfter(limitMs: number): void {
  setTimeout(() => {
    printError(
      `The shutdown took longer than ${limitMs / 1000} s, so the process is killed. Requests still in progress are aborted.`,
    )
    process.kill(process.pid, 'SIGKILL')
    // The first process of a container cannot send itself SIGKILL (pid_namespaces(7)).
    process.abort()
  }, limitMs).unref()
}
