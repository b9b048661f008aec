import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { answerHalfClosed } from './half-closed-callers.ts'

const GONE_MS = 200

let server: Server
let responses: ServerResponse[]

beforeEach(async () => {
  responses = []
  server = createServer((request, response) => {
    responses.push(response)
    request.resume()
  })
  answerHalfClosed(server, GONE_MS)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})

afterEach(() => {
  server.closeAllConnections()
  server.close()
})

/** Sends bytes and closes the sending side. */
async function sent(bytes: string): Promise<Socket> {
  const caller = connect({
    port: (server.address() as AddressInfo).port,
    host: '127.0.0.1',
    allowHalfOpen: true,
  })
  await once(caller, 'connect')
  caller.end(bytes)
  return caller
}

/** The n-th response that the server is about to send. */
async function responseTo(index: number): Promise<ServerResponse> {
  await expect.poll(() => responses.length).toBeGreaterThan(index)
  return responses[index] as ServerResponse
}

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'

test('A caller that closes its sending side gets its answer', async () => {
  const caller = await sent(GET)
  ;(await responseTo(0)).end('answer')
  expect(await text(caller)).toMatch(/^HTTP\/1\.1 200 [^]*answer$/)
})

test('All its requests are answered', async () => {
  const caller = await sent(GET + GET)
  ;(await responseTo(1)).end('second')
  ;(await responseTo(0)).end('first')
  expect(await text(caller)).toMatch(/first[^]*second$/)
})

test('An answer that goes on longer than a caller may be gone is not cut', async () => {
  const caller = await sent(GET)
  const whole = text(caller)
  const slow = await responseTo(0)
  const until = performance.now() + 3 * GONE_MS
  while (performance.now() < until) await new Promise((resolve) => slow.write('x', resolve))
  slow.end('end')
  expect(await whole).toMatch(/end\r\n0\r\n\r\n$/)
})

test('A caller to which nothing could be sent for long counts as gone', async () => {
  const caller = await sent(GET)
  const waiting = await responseTo(0)
  await once(waiting, 'close')
  expect(await text(caller)).toBe('')
})

test('A request that is cut off is not answered as if it were whole', async () => {
  const caller = await sent('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf')
  expect(await text(caller)).not.toContain(' 200 ')
})
