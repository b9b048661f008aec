import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { describedRequest } from './described-request.ts'

/** The headers as Node.js itself joins them. */
function joinedByNode(rawHeaders: readonly string[]): IncomingMessage['headers'] {
  const message = new IncomingMessage(new Socket())
  const parser = message as unknown as { _addHeaderLines(headers: readonly string[], count: number): void }
  parser._addHeaderLines(rawHeaders, rawHeaders.length)
  return message.headers
}

test.each([
  ['one of each', ['Host', 'a.test', 'X-Api-Key', 'k']],
  ['repeated headers, which are joined', ['X-Api-Key', 'one', 'x-api-key', 'two', 'Origin', 'a', 'origin', 'b']],
  ['repeated headers, of which the first counts', ['Host', 'a', 'host', 'b', 'Authorization', 'x', 'authorization', 'y']],
  ['cookies', ['Cookie', 'a=1', 'cookie', 'b=2', 'Set-Cookie', 'c', 'set-cookie', 'd']],
  ['the names of what every object has', ['__proto__', 'x', 'constructor', 'y']],
])('joins headers as Node.js does: %s', (_, rawHeaders) => {
  const described = describedRequest(rawHeaders, '192.0.2.1')
  expect({ ...described.headers }).toEqual({ ...joinedByNode(rawHeaders) })
  expect(described.rawHeaders).toEqual(rawHeaders)
})

test('has the address of its peer, or none', () => {
  expect(describedRequest([], '192.0.2.1').socket.remoteAddress).toBe('192.0.2.1')
  expect(describedRequest([], undefined).socket.remoteAddress).toBeUndefined()
})
