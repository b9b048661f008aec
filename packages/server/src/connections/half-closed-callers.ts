import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { afterResponses, hasPendingResponse } from './pending-responses.ts'

/**
 * Answers a caller that closes its sending side after its request and waits for the answer (RFC 9293 section 3.6). Node.js
 * would otherwise close the connection without an answer, although a change may be made. A request that is not complete by
 * then never will be, so its connection is closed after the answers to the requests before it.
 *
 * A caller that has left looks the same until something is sent to it.
 *
 * @param goneMs when nothing could be sent for so long, in ms, the caller counts as gone
 */
export function answerHalfClosed(server: Server, goneMs: number): void {
  Object.assign(server, { httpAllowHalfOpen: true })
  server.on('connection', (socket) => {
    socket.on('end', () => {
      // Where Node.js itself finds the request incomplete, the refusal has been written.
      if (socket.writableEnded) return
      if (requestBeingRead(socket)?.complete === false) afterResponses(socket, () => socket.destroySoon())
      // Node.js restarts this time when a part of a write has been sent. A tunnel sets its own.
      else if (hasPendingResponse(socket)) socket.setTimeout(goneMs, () => socket.destroy())
    })
  })
}

/**
 * The request that a connection reads, or has read and not answered; undefined between two requests. Node.js has no public
 * property for it, and noting each request would cost every request.
 */
function requestBeingRead(connection: Duplex): IncomingMessage | undefined {
  const { parser } = connection as Duplex & {
    readonly parser?: { readonly incoming?: IncomingMessage | null } | null
  }
  return parser?.incoming ?? undefined
}
