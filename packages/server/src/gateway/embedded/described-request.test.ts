import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describedRequest } from './described-request.ts'

const server = createServer()
beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterAll(async () => {
  server.close()
  await once(server, 'close')
})

/** The headers as Node.js itself joins them, of a request over a connection. */
async function joinedByNode(rawHeaders: readonly string[]): Promise<IncomingMessage['headers']> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const lines = rawHeaders.map((text, index) => (index % 2 === 0 ? `${text}: ` : `${text}\r\n`))
  socket.write(`GET / HTTP/1.0\r\n${lines.join('')}\r\n`)
  const [request] = (await once(server, 'request')) as [IncomingMessage]
  socket.destroy()
  return request.headers
}

test.each([
  ['one of each', ['Host', 'a.test', 'X-Api-Key', 'k']],
  [
    'repeated headers, which are joined',
    ['X-Api-Key', 'one', 'x-api-key', 'two', 'Origin', 'a', 'origin', 'b'],
  ],
  [
    'repeated headers, of which the first counts',
    ['Host', 'a', 'host', 'b', 'Authorization', 'x', 'authorization', 'y'],
  ],
  ['cookies', ['Cookie', 'a=1', 'cookie', 'b=2', 'Set-Cookie', 'c', 'set-cookie', 'd']],
  ['the name of what every object has', ['constructor', 'x', 'toString', 'y']],
])('joins headers as Node.js does: %s', async (_, rawHeaders) => {
  const described = describedRequest(rawHeaders, '192.0.2.1')
  expect({ ...described.headers }).toEqual({ ...(await joinedByNode(rawHeaders)) })
  expect(described.rawHeaders).toEqual(rawHeaders)
})

test('has the address of its peer, or none', () => {
  expect(describedRequest([], '192.0.2.1').socket.remoteAddress).toBe('192.0.2.1')
  expect(describedRequest([], undefined).socket.remoteAddress).toBeUndefined()
})
