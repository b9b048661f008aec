import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import pino, { type Logger } from 'pino'
import { expect, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { newCredential } from '../stream/credentials.ts'
import { SPOKEN } from '../stream/versions.ts'
import { ControlLink } from './control-link.ts'

/** A link to a URL, which tries until it is disposed of. */
function linkTo(url: string, logger: Logger): ControlLink {
  const credential = newCredential()
  return new ControlLink({
    urls: [url],
    role: 'gateway',
    credentials: () => [credential],
    enrolmentToken: null,
    versions: SPOKEN,
    logger,
    onBlock: () => undefined,
    isRemoval: () => false,
    onRemoved: async () => await Promise.resolve(),
    use: async () => await Promise.resolve(),
  })
}

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
    {
      await using _ = linkTo(
        `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        pino({ level: 'silent' }),
      )
      await attempts.promise
    }
    server.close()
    expect(connections).toBeGreaterThanOrEqual(3)
  },
  ATTEMPTS_MS_MAX,
)

test.each<[string, string, (socket: Socket) => unknown, string]>([
  [
    'https:// on a port without TLS',
    'https',
    (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'),
    'Something without TLS answers there.',
  ],
  ['http:// on a port that closes', 'http', (socket) => socket.end(), 'Something else than a control node'],
  [
    'http:// on a port of another protocol',
    'http',
    (socket) => socket.end('220 mail.example.com ESMTP\r\n'),
    'Something else than a control node',
  ],
])('%s is told as such', async (_, scheme, answer, reason) => {
  await using stack = new AsyncDisposableStack()
  const server = createServer((socket) => {
    socket.on('error', () => undefined).once('data', () => answer(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  stack.defer(() => void server.close())
  const url = `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`
  const logged = Promise.withResolvers<string>()
  stack.use(linkTo(url, pino({}, { write: (line) => logged.resolve(line) })))
  const { msg, err } = JSON.parse(await logged.promise) as {
    readonly msg: string
    readonly err: { readonly message: string }
  }
  expect(msg).toBe('a control node cannot be reached')
  expect(err.message).toContain(`${url} cannot be used. ${reason}`)
})
