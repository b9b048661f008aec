import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serveParent } from './parent.ts'

/** The minimal server on `node:http`: an upper bound for the throughput of every other one. */
const server = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'text/plain', 'content-length': 2 })
  response.end('ok')
})

server.listen(0, '127.0.0.1', () => {
  serveParent((server.address() as AddressInfo).port)
})
