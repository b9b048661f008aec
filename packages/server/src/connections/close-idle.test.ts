import { once } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import type { Duplex } from 'node:stream'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { closeIdle } from './close-idle.ts'
import { pauseThread } from './testing/pause-thread.ts'
import { get, SlowServer } from './testing/slow-server.ts'

const IDLE_MS = 400

let slow: SlowServer
let mayBeIdle: (connection: Duplex) => void

beforeEach(async () => {
  slow = await SlowServer.start({ keepAliveTimeout: 0 })
  mayBeIdle = closeIdle(slow.server, IDLE_MS)
})

afterEach(() => slow[Symbol.dispose]())

/** Resolves when a connection that became idle now has been closed. */
async function idleTimePasses(): Promise<void> {
  const socket = await slow.open(get('/quick'))
  await once(socket, 'data')
  await once(socket, 'close')
}

test('a connection is closed that has been idle for the time after its response, and not before', async () => {
  const socket = await slow.open(get('/quick'))
  await once(socket, 'data')
  const answeredAtMs = performance.now()
  await once(socket, 'close')
  expect(performance.now() - answeredAtMs).toBeGreaterThanOrEqual(IDLE_MS)
})

test('a connection with a request stays open as long as the response takes, and is idle after that', async () => {
  const socket = await slow.open(get('/slow'))
  await once(slow.server, 'request')
  await idleTimePasses()
  await idleTimePasses()
  const answeredAtMs = performance.now()
  slow.responses[0]?.end('done')
  await once(socket, 'data')
  await once(socket, 'close')
  expect(performance.now() - answeredAtMs).toBeGreaterThanOrEqual(IDLE_MS)
})

test.each([
  ['has sent nothing', ''],
  ['has sent a part of its first request', 'GET / HTTP/1.1\r\nHost: '],
])('a connection that %s is left to Node.js', async (_case, text) => {
  const socket = await slow.open(text)
  await idleTimePasses()
  await idleTimePasses()
  expect(socket.destroyed || socket.readableEnded).toBe(false)
})

test('a connection that is no longer HTTP may be idle', async () => {
  const socket = await slow.open(get('/quick'))
  await once(socket, 'data')
  for (const { req } of slow.responses) mayBeIdle(req.socket)
  await idleTimePasses()
  await idleTimePasses()
  expect(socket.destroyed || socket.readableEnded).toBe(false)
})

test('a request that arrives while the thread is paused is answered, however long that takes', async () => {
  const socket = await slow.open(get('/quick'))
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
