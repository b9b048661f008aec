import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import pino from 'pino'
import { expect, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { newCredential } from '../stream/credentials.ts'
import { SPOKEN } from '../stream/versions.ts'
import { ControlLink } from './control-link.ts'

/** Waiting for a greeting that cannot come takes 10 s for each attempt. */
const ATTEMPTS_MS_MAX = 9_000

test(
  'a node that ends a stream before its greeting is tried again at once',
  async () => {
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
      await using stack = new AsyncDisposableStack()
      stack.use(
        new ControlLink({
          urls: [`http://127.0.0.1:${(server.address() as AddressInfo).port}`],
          role: 'gateway',
          credentials: () => [credential],
          enrolmentToken: null,
          versions: SPOKEN,
          logger: pino({ level: 'silent' }),
          onBlock: () => undefined,
          isRemoval: () => false,
          onRemoved: async () => await Promise.resolve(),
          use: async () => await Promise.resolve(),
        }),
      )
      await attempts.promise
    }
    server.close()
    expect(connections).toBeGreaterThanOrEqual(3)
  },
  ATTEMPTS_MS_MAX,
)
