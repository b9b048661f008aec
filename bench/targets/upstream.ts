import { type AddressInfo, createServer } from 'node:net'
import { serveParent } from './parent.ts'

/*
 * What relays relay: fixed bytes for each request without a body, with no HTTP parser in the way, since it shares a
 * core with the load generator. Started with the number of bytes of its answer's body.
 */
const bodyBytes = Number(process.argv[2] ?? 2)
const HEAD_END = Buffer.from('\r\n\r\n')

const answer = Buffer.concat([
  Buffer.from(
    `HTTP/1.1 200 OK\r\ncontent-type: application/octet-stream\r\ncontent-length: ${bodyBytes}\r\n\r\n`,
  ),
  Buffer.alloc(bodyBytes, 'x'),
])

const server = createServer({ noDelay: true }, (socket) => {
  let unread = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    let bytes = unread.length === 0 ? chunk : Buffer.concat([unread, chunk])
    for (let end = bytes.indexOf(HEAD_END); end >= 0; end = bytes.indexOf(HEAD_END)) {
      socket.write(answer)
      bytes = bytes.subarray(end + HEAD_END.length)
    }
    unread = Buffer.from(bytes)
  })
  // A relay that is ended breaks its connections off.
  socket.on('error', () => socket.destroy())
})

server.listen(0, '127.0.0.1', () => {
  serveParent((server.address() as AddressInfo).port)
})
