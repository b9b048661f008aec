import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A server that connects each of its clients with another server. What passes between them is up to its maker. */
export interface RelayServer extends AsyncDisposable {
  /** The other server's URL with the address of this one. */
  readonly url: string
  /** Closes all connections. */
  closeAll(): void
}

/**
 * Starts one in front of the server of a URL.
 *
 * @param connected called with both ends of each new connection; when one of them is closed, so is the other one
 */
export async function startRelayServer(
  serverUrl: string,
  connected: (client: Socket, upstream: Socket) => void,
): Promise<RelayServer> {
  const url = new URL(serverUrl)
  const target = { host: url.hostname, port: Number(url.port) }
  const sockets = new Set<Socket>()
  const keep = (socket: Socket): Socket => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
    return socket
  }
  const server = createServer((client) => {
    const upstream = keep(connect(target))
    keep(client).on('close', () => upstream.destroy())
    upstream.on('close', () => client.destroy())
    connected(client, upstream)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as AddressInfo).port)
  const closeAll = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: url.href,
    closeAll,
    async [Symbol.asyncDispose]() {
      closeAll()
      server.close()
      await once(server, 'close')
    },
  }
}
