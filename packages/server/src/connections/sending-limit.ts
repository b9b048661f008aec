import type { ServerResponse } from 'node:http'

/**
 * Bounds how long a complete response waits for a caller that does not read it, and so the memory that it takes. Does
 * nothing if the system has taken all of it.
 *
 * @param msMax after this time its connection is closed
 * @param onEnd called once the response needs no memory any more
 */
export function limitSending(response: ServerResponse, msMax: number, onEnd?: () => void): void {
  // A compressed response ends later.
  if ((response.writableEnded && response.writableLength === 0) || response.destroyed) {
    onEnd?.()
    return
  }
  // A response that waits behind another one has no connection yet, but its request has.
  const timer = setTimeout(() => response.req.socket.destroy(), msMax)
  response.once('close', () => {
    clearTimeout(timer)
    onEnd?.()
  })
}
