import type { Server } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Socket } from 'node:net'
import { closeSilent } from './close-silent.ts'
import { hasPendingResponse } from './pending-responses.ts'

/** How often connections are looked at within the time that one may be idle. */
const LOOKS = 16

type Connection = Duplex & Pick<Socket, 'bytesRead' | 'bytesWritten'>

/** What was last seen of a connection. */
interface Seen {
  bytesRead: number
  /** Since when it is known to be idle, by the monotonic clock; null if it was not. */
  idleSinceMs: number | null
}

/**
 * Closes connections that have been idle after a response for a time, or up to an eighth longer. Node.js does so too
 * (`keepAliveTimeout`), but sets a timer after each response and clears it with each request, which takes 4 % of the time of a
 * short request. Here a request costs nothing. A connection without a response so far is left to the timeouts of Node.js.
 *
 * @param idleMs how long a connection stays open at least, in ms
 * @returns a function for each connection that is no longer HTTP, such as a WebSocket: it may be idle
 */
export function closeIdle(server: Server, idleMs: number): (connection: Duplex) => void {
  const connections = new Map<Connection, Seen>()
  const look = (): void => {
    const nowMs = performance.now()
    const idle: Connection[] = []
    for (const [connection, seen] of connections) {
      const { bytesRead, bytesWritten } = connection
      const isIdle = bytesRead === seen.bytesRead && bytesWritten > 0 && !hasPendingResponse(connection)
      seen.bytesRead = bytesRead
      if (!isIdle) seen.idleSinceMs = null
      else if (seen.idleSinceMs === null) seen.idleSinceMs = nowMs
      else if (nowMs - seen.idleSinceMs >= idleMs) idle.push(connection)
    }
    closeSilent(idle, (connection) => connections.get(connection)?.bytesRead)
  }
  const timer = setInterval(look, idleMs / LOOKS).unref()
  server.on('connection', (socket: Socket) => {
    connections.set(socket, { bytesRead: 0, idleSinceMs: null })
    socket.once('close', () => connections.delete(socket))
  })
  server.once('close', () => clearInterval(timer))
  return (connection) => connections.delete(connection as Socket)
}
