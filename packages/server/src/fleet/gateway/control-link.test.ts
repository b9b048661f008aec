import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import pino, { type Logger } from 'pino'
import { expect, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { newCredential } from '../stream/credentials.ts'
import type { GatewayFunctions } from '../stream/stream-functions.ts'
import { streamOver } from '../stream/stream.ts'
import { SPOKEN, versionsText } from '../stream/versions.ts'
import { ControlLink, type ControlLinkDeps } from './control-link.ts'

/** A link to a URL, which tries until it is disposed of. */
function linkTo(
  url: string,
  logger: Logger,
  use: ControlLinkDeps['use'] = async () => await Promise.resolve(),
): ControlLink {
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
    use,
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
  ['http:// on a port that closes', 'http', (socket) => socket.end(), 'It has closed the connection'],
  [
    'http:// on a port of another protocol',
    'http',
    (socket) => socket.end('220 mail.example.com ESMTP\r\n'),
    'Something else than a control node',
  ],
  [
    'https:// on a port whose TLS has no certificate for it',
    'https',
    // A fatal alert: handshake_failure (RFC 8446 section 6).
    (socket) => socket.end(Buffer.from([21, 3, 3, 0, 2, 2, 40])),
    '',
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
  // What OpenSSL says of it is enough.
  if (reason === '') expect(err.message).toMatch(/^(?!.*cannot be used).*handshake failure/)
  else expect(err.message).toContain(`${url} cannot be used. ${reason}`)
})

test('a refusal is told, also after a time without any control node, and each of both once', async () => {
  const statuses = [
    '502 Bad Gateway',
    '502 Bad Gateway',
    '401 Unauthorized',
    '409 Conflict',
    '502 Bad Gateway',
  ]
  const answered = Promise.withResolvers<void>()
  let answers = 0
  await using stack = new AsyncDisposableStack()
  const server = createServer((socket) => {
    socket
      .on('error', () => undefined)
      .once('data', () => {
        socket.end(`HTTP/1.1 ${statuses[answers]}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`)
        answers += 1
        if (answers > statuses.length) answered.resolve()
      })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  stack.defer(() => void server.close())
  const lines: string[] = []
  const logger = pino({}, { write: (line) => void lines.push(line) })
  stack.use(linkTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, logger))
  await answered.promise
  expect(lines.map((line) => (JSON.parse(line) as { readonly msg: string }).msg)).toEqual([
    'a control node cannot be reached',
    'a control node has refused this gateway',
  ])
})

test('a link in a hurry ends a stream on which the node only answers pings', async () => {
  await using stack = new AsyncDisposableStack()
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  stack.defer(() => server.close())
  await once(server, 'listening')
  server.on('connection', (socket) => {
    const { greet } = streamOver<GatewayFunctions, object>(socket, {
      functions: {},
      onBlock: () => undefined,
    }).remote
    void greet.asEvent({
      id: 'gw_1',
      name: 'edge',
      versions: versionsText(SPOKEN),
      leaseMs: 10_000,
      nowMs: 0,
      records: '',
      importedKeyIds: '',
      counters: '',
    })
    const pings = setInterval(() => socket.ping(), 100)
    socket.once('close', () => clearInterval(pings))
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const began = Promise.withResolvers<AbortSignal>()
  const link = stack.use(
    linkTo(url, pino({ level: 'silent' }), async ({ ended }) => {
      began.resolve(ended)
      await once(ended, 'abort')
    }),
  )
  const ended = await began.promise
  link.hurry()
  await once(ended, 'abort')
})
