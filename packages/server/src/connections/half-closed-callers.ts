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
  const newest = new WeakMap<Duplex, IncomingMessage>()
  noteRequests(server, (request) => void newest.set(request.socket, request))
  server.on('connection', (socket) => {
    socket.on('end', () => {
      // Where Node.js itself finds the request incomplete, the refusal has been written.
      if (socket.writableEnded) return
      if (newest.get(socket)?.complete === false) afterResponses(socket, () => socket.destroySoon())
      // Node.js restarts this time when a part of a write has been sent. A tunnel sets its own.
      else if (hasPendingResponse(socket)) socket.setTimeout(goneMs, () => socket.destroy())
    })
  })
}

/** Instead of `request`, for a request with `Expect`, if anything listens to these: otherwise Node.js answers it itself. */
const EXPECTATION_EVENTS = ['checkContinue', 'checkExpectation'] as const

/** Notes every request of a server, whether what answers expectations is set up before this or after it. */
function noteRequests(server: Server, note: (request: IncomingMessage) => void): void {
  server.on('request', note)
  const noted = new Set<string>()
  const noteToo = (event: (typeof EXPECTATION_EVENTS)[number]): void => {
    if (noted.has(event)) return
    noted.add(event)
    server.prependListener(event, note)
  }
  for (const event of EXPECTATION_EVENTS) if (server.listenerCount(event) > 0) noteToo(event)
  server.on('newListener', (added) => {
    const event = EXPECTATION_EVENTS.find((known) => known === added)
    if (event !== undefined) noteToo(event)
  })
}
