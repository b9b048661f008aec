import { once } from 'node:events'
import { type AddressInfo, type Socket, createServer } from 'node:net'

/** An upstream for relays, in the load generator's process. */
export interface Upstream extends AsyncDisposable {
  readonly port: number
}

const HEAD_END = Buffer.from('\r\n\r\n')

/**
 * Starts a server that responds to each request (without a body) with fixed bytes. It uses no HTTP parser and shares
 * the load generator's core, so no other process has to be woken.
 *
 * @param bodyBytes the length of each response's body
 */
export async function startUpstream(bodyBytes: number): Promise<Upstream> {
  const head = `content-type: application/octet-stream\r\ncontent-length: ${bodyBytes}`
  const response = Buffer.from(`HTTP/1.1 200 OK\r\n${head}\r\n\r\n${'x'.repeat(bodyBytes)}`)
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    // A relay that is killed resets its connections.
    socket.on('error', () => socket.destroy())
    let unread = Buffer.alloc(0)
    socket.on('data', (chunk: Buffer) => {
      let bytes = unread.length === 0 ? chunk : Buffer.concat([unread, chunk])
      for (let end = bytes.indexOf(HEAD_END); end >= 0; end = bytes.indexOf(HEAD_END)) {
        socket.write(response)
        bytes = bytes.subarray(end + HEAD_END.length)
      }
      unread = Buffer.from(bytes)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
