import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import type { Duplex } from 'node:stream'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { closeIdle } from './close-idle.ts'
import { pauseThread } from './testing/pause-thread.ts'

const IDLE_MS = 400

let server: Server
let mayBeIdle: (connection: Duplex) => void
const responses: ServerResponse[] = []
const sockets: Socket[] = []

beforeEach(async () => {
  server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    responses.push(response)
    if (request.url === '/quick') response.end('done')
  })
  mayBeIdle = closeIdle(server, IDLE_MS)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})

afterEach(() => {
  server.closeAllConnections()
  server.close()
  for (const socket of sockets.splice(0)) socket.destroy()
  responses.length = 0
})

async function open(text: string): Promise<Socket> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  socket.on('error', () => undefined)
  sockets.push(socket)
  await once(socket, 'connect')
  if (text !== '') socket.write(text)
  return socket
}

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`

/** Resolves when a connection that became idle now has been closed. */
async function idleTimePasses(): Promise<void> {
  const socket = await open(get('/quick'))
  await once(socket, 'data')
  await once(socket, 'close')
}

test('a connection is closed that has been idle for the time after its response, and not before', async () => {
  const socket = await open(get('/quick'))
  await once(socket, 'data')
  const answeredAtMs = performance.now()
  await once(socket, 'close')
  expect(performance.now() - answeredAtMs).toBeGreaterThanOrEqual(IDLE_MS)
})

test('a connection with a request stays open as long as the response takes, and is idle after that', async () => {
  const socket = await open(get('/slow'))
  await once(server, 'request')
  await idleTimePasses()
  await idleTimePasses()
  const answeredAtMs = performance.now()
  responses[0]?.end('done')
  await once(socket, 'data')
  await once(socket, 'close')
  expect(performance.now() - answeredAtMs).toBeGreaterThanOrEqual(IDLE_MS)
})

test.each([
  ['has sent nothing', ''],
  ['has sent a part of its first request', 'GET / HTTP/1.1\r\nHost: '],
])('a connection that %s is left to Node.js', async (_case, text) => {
  const socket = await open(text)
  await idleTimePasses()
  await idleTimePasses()
  expect(socket.destroyed || socket.readableEnded).toBe(false)
})

test('a connection that is no longer HTTP may be idle', async () => {
  const socket = await open(get('/quick'))
  await once(socket, 'data')
  for (const { req } of responses) mayBeIdle(req.socket)
  await idleTimePasses()
  await idleTimePasses()
  expect(socket.destroyed || socket.readableEnded).toBe(false)
})

test('a request that arrives while the thread is paused is answered, however long that takes', async () => {
  const socket = await open(get('/quick'))
  await once(socket, 'data')
  // Seen after its response, and then as idle.
  for (const _ of [1, 2, 3]) {
    pauseThread(IDLE_MS / 4)
    await setImmediate()
  }
  socket.write(get('/quick'))
  pauseThread(2 * IDLE_MS)
  const [answer] = (await Promise.race([once(socket, 'data'), once(socket, 'close')])) as [unknown]
  expect(String(answer)).toContain('200 OK')
})
