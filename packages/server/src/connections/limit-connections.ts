import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { closeSilent } from './close-silent.ts'
import { hasPendingResponse } from './pending-responses.ts'

/** Idle connections are closed while so much of the limit is used. */
const FULL_SHARE = 15 / 16
/** How long a connection may then be idle, in ms; up to twice as long. */
const IDLE_MS = 1_000

type Connection = Duplex & Pick<Socket, 'bytesRead'>

/** What was seen of a connection that could be idle. */
interface Seen {
  readonly bytes: number
  readonly isIdle: boolean
}

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
  let open = 0
  const watched = new Map<Connection, Seen>()
  let timer: NodeJS.Timeout | undefined
  const look = (): void => {
    timer = undefined
    if (open < max * FULL_SHARE) return
    const idle: Connection[] = []
    for (const [connection, before] of watched) {
      const bytes = connection.bytesRead
      const isIdle = bytes === before.bytes && !hasPendingResponse(connection)
      if (isIdle && before.isIdle) idle.push(connection)
      else watched.set(connection, { bytes, isIdle })
    }
    closeSilent(idle, (connection) => watched.get(connection)?.bytes)
    timer = setTimeout(look, IDLE_MS).unref()
  }
  server.on('connection', (socket: Socket) => {
    open += 1
    watched.set(socket, { bytes: 0, isIdle: false })
    socket.once('close', () => {
      open -= 1
      watched.delete(socket)
    })
    if (timer === undefined) look()
  })
  return (connection) => watched.delete(connection as Socket)
}
