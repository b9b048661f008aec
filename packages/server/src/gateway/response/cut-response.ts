import type { ServerResponse } from 'node:http'
import type { DenyReason } from '@sallyport/core'
import { entryOf } from './gateway-response.ts'
import { sendProblem } from './problem-response.ts'

/**
 * Cuts a connection in the middle of a response. With a length or chunked encoding, the caller notices that the response
 * is incomplete. A response delimited only by the end of the connection would look complete, so that one is reset.
 */
export function cutOff(response: ServerResponse, isSized: boolean): void {
  const { socket } = response
  if (socket === null) return
  entryOf(response)?.cut()
  if (response.chunkedEncoding || isSized) socket.destroy()
  else socket.resetAndDestroy()
}

/**
 * Ends a response whose request is no longer allowed, and its connection. If the response has started, the connection is
 * reset, so that bytes that the system still holds are not delivered. Otherwise the caller gets the reason.
 *
 * @param headers alternating names and values
 * @returns whether the caller gets the reason
 */
export function endRefused(
  response: ServerResponse,
  reason: DenyReason,
  requestId: string,
  headers: readonly string[],
): void {
  if (response.headersSent) {
    // A response that waits behind another one has no connection yet, but its request has.
    if (!response.writableFinished) {
      const entry = entryOf(response)
      entry?.failed(reason, requestId)
      entry?.cut()
      response.req.socket.resetAndDestroy()
    }
    return
  }
  sendProblem(response, reason, requestId, headers, { closesAtOnce: true })
}
