import { once } from 'node:events'
import { type AddressInfo, type Socket, createServer } from 'node:net'

/** What relays relay, in the load generator's own process. */
export interface Upstream extends AsyncDisposable {
  readonly port: number
}

const HEAD_END = Buffer.from('\r\n\r\n')

/**
 * Answers each request without a body with fixed bytes. There is no HTTP parser in the way and no other process to be
 * woken, since it shares its core with the load generator.
 *
 * @param bodyBytes the length of each answer's body
 */
export async function startUpstream(bodyBytes: number): Promise<Upstream> {
  const head = `content-type: application/octet-stream\r\ncontent-length: ${bodyBytes}`
  const answer = Buffer.from(`HTTP/1.1 200 OK\r\n${head}\r\n\r\n${'x'.repeat(bodyBytes)}`)
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    // A relay that is ended breaks its connections off.
    socket.on('error', () => socket.destroy())
    let unread = Buffer.alloc(0)
    socket.on('data', (chunk: Buffer) => {
      let bytes = unread.length === 0 ? chunk : Buffer.concat([unread, chunk])
      for (let end = bytes.indexOf(HEAD_END); end >= 0; end = bytes.indexOf(HEAD_END)) {
        socket.write(answer)
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
