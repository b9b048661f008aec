import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { SHUTDOWN_MS_MAX } from '../../cli/termination.ts'
import { ENROLMENT_HEADER, newCredential } from '../stream/credentials.ts'
import { STREAM_PATH } from '../stream/stream.ts'
import { SPOKEN, VERSIONS_HEADER, versionsText } from '../stream/versions.ts'
import {
  AUTHENTICATING_MAX,
  openStreamServer,
  type StreamServer,
  type StreamServerDeps,
} from './stream-server.ts'

/** Asks for a stream with a credential that is not known. @returns the answer */
async function answerOf(
  server: StreamServer,
  remoteAddress: string,
  more: Readonly<Record<string, string>> = {},
): Promise<string> {
  const socket = new PassThrough()
  const headers = { authorization: `Bearer ${newCredential()}`, ...more }
  server.begin({ headers, socket: { remoteAddress } } as unknown as IncomingMessage, socket, Buffer.alloc(0))
  return await text(socket)
}

test('a refusal is logged once a minute for each peer, with its reason and without what the peer has sent', async () => {
  let nowMs = 0
  let log = ''
  const server = openStreamServer({
    enrolments: {
      find: async () => await Promise.resolve(undefined),
      roleOfToken: async () => await Promise.resolve(undefined),
      enrol: async () => await Promise.resolve(undefined),
    },
    removalOf: async () => await Promise.resolve(undefined),
    logger: pino({}, { write: (line) => void (log += line) }),
    nowMs: Date.now,
    monotonicMs: () => nowMs,
    newId: () => 'gw_1',
    versions: SPOKEN,
  } as unknown as StreamServerDeps)
  const refusals = () =>
    log
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as { readonly address: string; readonly reason: string })
  expect(await answerOf(server, '192.0.2.1')).toMatch(/^HTTP\/1\.1 401 /)
  await answerOf(server, '192.0.2.1')
  await answerOf(server, '192.0.2.2', { [ENROLMENT_HEADER]: 'spe_expired' })
  await answerOf(server, '192.0.2.3', { authorization: 'Bearer secret-of-another-service' })
  expect(refusals()).toMatchObject([
    { address: '192.0.2.1', reason: 'Its credential is unknown, and it has no enrolment token.' },
    { address: '192.0.2.2', reason: expect.stringContaining('used up or expired') as string },
    { address: '192.0.2.3', reason: 'It has not sent the credential of a gateway.' },
  ])
  nowMs = 60_000
  await answerOf(server, '192.0.2.1')
  expect(refusals()).toHaveLength(4)
  expect(log).not.toMatch(/spe_expired|secret-of-another-service/)
})

test('peers without a known credential do not occupy more than a part of what a relay may ask', async () => {
  const found = Promise.withResolvers<undefined>()
  let asked = 0
  const enrolments = {
    find: async () => {
      asked += 1
      return await found.promise
    },
  }
  const server = openStreamServer({
    enrolments,
    removalOf: async () => await Promise.resolve(undefined),
    logger: pino({ level: 'silent' }),
    nowMs: Date.now,
    monotonicMs: () => 0,
    versions: SPOKEN,
  } as unknown as StreamServerDeps)
  const begin = async (): Promise<string> => await answerOf(server, '192.0.2.1')
  const waiting = Array.from({ length: AUTHENTICATING_MAX }, begin)
  expect(await begin()).toMatch(/^HTTP\/1\.1 503 /)
  expect(asked).toBe(AUTHENTICATING_MAX)
  found.resolve(undefined)
  const answers = await Promise.all(waiting)
  expect(new Set(answers.map((answer) => answer.slice(0, 12)))).toEqual(new Set(['HTTP/1.1 401']))
  // Then there is room again.
  expect(await begin()).toMatch(/^HTTP\/1\.1 401 /)
})

/** A stream server behind a port, which knows every credential. */
async function listening(deps: Partial<StreamServerDeps> = {}) {
  const streams = openStreamServer({
    enrolments: {
      find: async () => await Promise.resolve({ id: 'gw_1', name: 'edge', role: 'gateway' }),
    },
    removalOf: async () => await Promise.resolve(undefined),
    shared: () => ({ records: Buffer.alloc(0), importedKeyIds: Buffer.alloc(0), counters: Buffer.alloc(0) }),
    feed: { onChange: () => () => undefined },
    leaseMs: () => 10_000,
    logger: pino({ level: 'silent' }),
    nowMs: Date.now,
    monotonicMs: () => 0,
    versions: SPOKEN,
    ...deps,
  } as unknown as StreamServerDeps)
  const server = createServer()
  server.on('upgrade', (request, socket, head) => streams.begin(request, socket, head))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { streams, server, port, url: `ws://127.0.0.1:${port}${STREAM_PATH}` }
}

const HEADERS = { authorization: `Bearer ${newCredential()}`, [VERSIONS_HEADER]: versionsText(SPOKEN) }

/** A process is killed if its end takes longer. */
const ENDING = { timeout: SHUTDOWN_MS_MAX }

test(
  'the end closes also a stream that another one has replaced, and that its peer does not close',
  ENDING,
  async () => {
    const { streams, server, url } = await listening()
    const first = new WebSocket(url, { headers: HEADERS })
    await once(first, 'message')
    first.pause()
    const second = new WebSocket(url, { headers: HEADERS })
    await once(second, 'message')
    const closed = once(server, 'close')
    server.close()
    streams.close()
    await closed
  },
)

test('a refused connection ends, also if its peer does not close its side', ENDING, async () => {
  const { server, port } = await listening({
    enrolments: {
      find: async () => await Promise.resolve(undefined),
    } as unknown as StreamServerDeps['enrolments'],
  })
  const peer = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  peer.on('error', () => undefined)
  peer.write(`GET ${STREAM_PATH} HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n`)
  expect(String((await once(peer, 'data'))[0])).toMatch(/^HTTP\/1\.1 401 /)
  const closed = once(server, 'close')
  server.close()
  await closed
  peer.destroy()
})
