import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import pino from 'pino'
import { expect, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { newCredential } from '../stream/credentials.ts'
import { ControlLink } from './control-link.ts'

test('a node that ends a stream before its greeting is tried again at once', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  const attempts = Promise.withResolvers<void>()
  let connections = 0
  server.on('connection', (socket) => {
    connections += 1
    socket.close(1001, 'the control node ends')
    if (connections === 3) attempts.resolve()
  })
  const credential = newCredential()
  {
    // Waiting for greetings that cannot come would take 10 s for each attempt, longer than a test may.
    await using _link = new ControlLink({
      urls: [`http://127.0.0.1:${(server.address() as AddressInfo).port}`],
      credentials: () => [credential],
      enrolmentToken: null,
      logger: pino({ level: 'silent' }),
      onBlock: () => undefined,
      use: async () => await Promise.resolve(),
    })
    await attempts.promise
  }
  server.close()
  expect(connections).toBeGreaterThanOrEqual(3)
})
