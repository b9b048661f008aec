import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
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
  const newest = new WeakMap<Duplex, IncomingMessage>()
  const note = (request: IncomingMessage): void => void newest.set(request.socket, request)
  server.on('request', note)
  // Instead of that event, for a request with `Expect`, where something listens to these.
  if (server.listenerCount('checkContinue') > 0) server.prependListener('checkContinue', note)
  if (server.listenerCount('checkExpectation') > 0) server.prependListener('checkExpectation', note)
  server.on('connection', (socket) => {
    socket.on('end', () => {
      // Where Node.js itself finds the request incomplete, the refusal has been written.
      if (socket.writableEnded) return
      if (newest.get(socket)?.complete === false) afterResponses(socket, () => socket.destroySoon())
      else if (hasPendingResponse(socket)) closeWhenGone(socket, goneMs)
    })
  })
}

function closeWhenGone(socket: Socket, goneMs: number): void {
  // Without what still waits in this process.
  const sentBytes = (): number => socket.bytesWritten - socket.writableLength
  let sent = sentBytes()
  const timer = setInterval(() => {
    const now = sentBytes()
    // A tunnel has no response, and times of its own.
    if (!hasPendingResponse(socket)) clearInterval(timer)
    else if (now === sent) socket.destroy()
    sent = now
  }, goneMs)
  socket.once('close', () => clearInterval(timer))
}
