import { once } from 'node:events'
import { connect, type AddressInfo, type Socket } from 'node:net'
import fastify from 'fastify'
import { expect, test } from 'vitest'
import { limitUnreadResponses } from './unread-response.ts'

/** More than the buffers of a connection take. */
const BYTES = 32 * 1024 * 1024

/** A server with one large response, and its connections. */
async function startServer(msMax: number) {
  const app = fastify()
  limitUnreadResponses(app, msMax)
  app.get('/large', () => Buffer.alloc(BYTES, 'x'))
  const accepted: Socket[] = []
  app.server.on('connection', (socket) => accepted.push(socket))
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  return { port, accepted, [Symbol.asyncDispose]: async () => await app.close() }
}

const REQUEST = 'GET /large HTTP/1.1\r\nhost: localhost\r\n\r\n'

test.each([
  ['one response', 1],
  ['responses that wait behind each other', 3],
])('a caller that does not read %s is cut off', async (_name, count) => {
  await using server = await startServer(50)
  const caller = connect(server.port, '127.0.0.1').pause()
  caller.on('error', () => undefined)
  caller.write(REQUEST.repeat(count))
  await once(caller, 'connect')
  await expect.poll(() => server.accepted[0]?.destroyed).toBe(true)
  caller.destroy()
})

test('a caller that reads gets everything', async () => {
  await using server = await startServer(60_000)
  const caller = connect(server.port, '127.0.0.1')
  caller.write(REQUEST)
  let received = 0
  for await (const chunk of caller) {
    received += (chunk as Buffer).length
    if (received > BYTES) break
  }
  expect(received).toBeGreaterThan(BYTES)
})
