import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { limitConnections } from './limit-connections.ts'
import { pauseThread } from './testing/pause-thread.ts'

const MAX = 16
/** Longer than connections may be idle while the server is nearly full. */
const LOOK_MS = 1_050

let server: Server
let mayBeIdle: (connection: Duplex) => void
const responses: ServerResponse[] = []
const sockets: Socket[] = []

beforeEach(async () => {
  server = createServer((request, response) => {
    responses.push(response)
    if (request.url === '/quick') response.end('done')
  })
  mayBeIdle = limitConnections(server, MAX)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})

afterEach(() => {
  server.closeAllConnections()
  server.close()
  for (const socket of sockets.splice(0)) socket.destroy()
  responses.length = 0
})

/** Opens a connection and sends something. */
async function open(text: string): Promise<Socket> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  socket.on('error', () => undefined)
  sockets.push(socket)
  await once(socket, 'connect')
  if (text !== '') socket.write(text)
  return socket
}

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`

/** Whether the server answers a request on a new connection. */
async function isServed(): Promise<boolean> {
  const socket = await open(get('/quick'))
  const served = await Promise.race([
    once(socket, 'data').then(() => true),
    once(socket, 'close').then(() => false),
  ])
  socket.destroy()
  return served
}

test.each([
  ['have sent nothing', ''],
  ['have had their response', get('/quick')],
  ['have stopped in the middle of a request', 'GET / HTTP/1.1\r\nHost: '],
])('connections that %s make room for others while the server is nearly full', async (_case, text) => {
  for (let index = 0; index < MAX; index += 1) await open(text)
  await expect.poll(isServed).toBe(true)
})

test('connections that wait for a response, or are no longer HTTP, stay, and count', async () => {
  let upgradedCount = 0
  const upgrade = (socket: Duplex): void => {
    mayBeIdle(socket)
    upgradedCount += 1
    if (upgradedCount === 4) server.off('connection', upgrade)
  }
  server.on('connection', upgrade)
  const upgraded: Socket[] = []
  while (upgraded.length < 4) upgraded.push(await open(''))
  const waiting: Socket[] = []
  while (waiting.length < MAX - 5) waiting.push(await open(get('/wait')))
  await expect.poll(() => responses.length).toBe(MAX - 5)
  const idle = await open('')
  const gone = once(idle, 'close')
  expect(await isServed()).toBe(false)
  await gone
  for (const response of responses) response.end('late')
  for (const socket of waiting) expect(String((await once(socket, 'data'))[0])).toContain('200 OK')
  expect(upgraded.map(({ destroyed }) => destroyed)).toEqual([false, false, false, false])
})

test('a few idle connections are left alone', async () => {
  const idle = await open('')
  for (let index = 0; index < MAX / 2; index += 1) await open(get('/quick'))
  await expect.poll(() => responses.length).toBe(MAX / 2)
  expect(idle.destroyed).toBe(false)
})

test('a request that arrives while the thread is paused is answered', async () => {
  for (let index = 0; index < MAX - 1; index += 1) await open(get('/wait'))
  const socket = await open(get('/quick'))
  await once(socket, 'data')
  // Seen after its response, and then as idle.
  for (const _ of [1, 2, 3]) {
    pauseThread(LOOK_MS)
    await setImmediate()
  }
  socket.write(get('/quick'))
  pauseThread(LOOK_MS)
  const [answer] = (await Promise.race([once(socket, 'data'), once(socket, 'close')])) as [unknown]
  expect(String(answer)).toContain('200 OK')
})
