import { once } from 'node:events'
import { createServer, IncomingMessage, type IncomingHttpHeaders } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { GatewayRequest } from './gateway-request.ts'

/** The headers that a server gets, request by request, on one connection. */
async function headersOf(
  requestClass: typeof IncomingMessage,
  requests: readonly string[],
): Promise<IncomingHttpHeaders[]> {
  const received: IncomingHttpHeaders[] = []
  const server = createServer({ IncomingMessage: requestClass }, (request, response) => {
    received.push(request.headers)
    response.end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  socket.resume()
  for (const lines of requests) socket.write(`GET / HTTP/1.1\r\nHost: a.example\r\n${lines}\r\n`)
  socket.end(`GET / HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n`)
  await once(socket, 'close')
  server.close()
  return received
}

test.each([
  ['one header', 'X-Api-Key: a\r\n'],
  ['the same name in other cases', 'X-Api-Key: a\r\nx-api-key: b\r\nX-API-KEY: c\r\n'],
  [
    'a repeated header of which the first counts',
    'Authorization: a\r\nAuthorization: b\r\nUser-Agent: c\r\nuser-agent: d\r\n',
  ],
  ['cookies', 'Cookie: a=1\r\nCookie: b=2\r\nSet-Cookie: c=3\r\nSet-Cookie: d=4\r\n'],
  [
    'names of members of every object',
    '__proto__: a\r\nconstructor: b\r\ntoString: c\r\nhasOwnProperty: d\r\n',
  ],
  ['names that are told apart by their text alone', 'X-Abc-Key: a\r\nX-Xbc-Key: b\r\nX-Abc-Key: c\r\n'],
  ['an empty value', 'X-Empty:\r\nX-Empty: a\r\n'],
  ['a long name', `${'x'.repeat(100)}: a\r\n${'x'.repeat(100)}: b\r\n`],
  ['bytes beyond ASCII', 'X-Name: \xe4\r\n'],
])('has the headers that Node.js has: %s', async (_case, lines) => {
  // The names of the second and third request are known.
  const requests = [lines, lines, lines]
  const own = await headersOf(GatewayRequest, requests)
  expect(own).toEqual(await headersOf(IncomingMessage, requests))
  expect(own).toHaveLength(4)
})
