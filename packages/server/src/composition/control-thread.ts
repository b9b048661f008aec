import { Worker } from 'node:worker_threads'
import type { ControlCalls, ControlThreadData, GatewayCalls } from './control-calls.ts'
import { callsOver } from '../threads/thread-calls.ts'

/** A control plane in a thread of its own. Disposing it stops the remaining requests and ends the thread. */
export interface ControlThread extends AsyncDisposable, Omit<ControlCalls, 'end'> {}

/**
 * Starts the thread of the control plane. It listens after `start`.
 *
 * An unexpected end of the thread ends the process, like any other unexpected error.
 */
export function startControlThread(data: ControlThreadData, gateway: GatewayCalls): ControlThread {
  // Flags of this process are not for the thread: a preloaded module would run there again.
  const thread = new Worker(new URL('./control-thread-program.ts', import.meta.url), {
    workerData: data,
    execArgv: [],
  })
  let isEnding = false
  thread.once('exit', (code) => {
    if (!isEnding) throw new Error(`The thread of the control plane has ended (${code})`)
  })
  const control = callsOver<ControlCalls, GatewayCalls>(thread, gateway)
  return {
    start: async (gatewayUrl) => await control.start(gatewayUrl),
    close: async (drainMs) => await control.close(drainMs),
    async [Symbol.asyncDispose]() {
      await control.end()
      isEnding = true
      await thread.terminate()
    },
  }
}
