import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { hasPendingResponse } from './pending-responses.ts'

/** Idle connections are closed while so much of the limit is used. */
const FULL_SHARE = 15 / 16
/** How long a connection may then be idle, in ms. */
const IDLE_MS = 1_000

/**
 * Limits the connections of a server. While it is nearly full, connections are closed on which nothing arrives and no response
 * is due, as their clients must expect at any time (RFC 9112 section 9.5): callers that only hold connections must not keep
 * others out. This costs nothing while there is room.
 *
 * @param max the most connections at a time; further ones are closed without a response
 * @returns a function for each connection that is no longer HTTP, such as a WebSocket: it may be idle
 */
export function limitConnections(server: Server, max: number): (connection: Duplex) => void {
  server.maxConnections = max
  /** The open connections, each with the bytes that had arrived when it was looked at; -1 before that. */
  const connections = new Map<Duplex & { readonly bytesRead: number }, number>()
  let timer: NodeJS.Timeout | undefined
  const watch = (): void => {
    timer = undefined
    if (connections.size < max * FULL_SHARE) return
    for (const [socket, bytes] of connections) {
      if (socket.bytesRead === bytes && !hasPendingResponse(socket)) socket.destroy()
      else connections.set(socket, socket.bytesRead)
    }
    timer = setTimeout(watch, IDLE_MS).unref()
  }
  server.on('connection', (socket: Socket) => {
    connections.set(socket, -1)
    socket.once('close', () => connections.delete(socket))
    if (timer === undefined) watch()
  })
  return (connection) => connections.delete(connection as Socket)
}
