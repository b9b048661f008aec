import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { WebSocketServer, type WebSocket } from 'ws'

/** A server that gateways take for a control node. */
export interface HostileNode extends AsyncDisposable {
  readonly url: string
  /** How many streams have begun. */
  readonly streams: number
}

/** @param serve gets each stream */
export async function startHostileNode(serve: (socket: WebSocket) => void): Promise<HostileNode> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  let streams = 0
  server.on('connection', (socket) => {
    streams += 1
    socket.on('error', () => undefined)
    serve(socket)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get streams() {
      return streams
    },
    async [Symbol.asyncDispose]() {
      for (const client of server.clients) client.terminate()
      await new Promise((resolve) => {
        server.close(resolve)
      })
    },
  }
}
