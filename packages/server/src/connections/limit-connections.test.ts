import { once } from 'node:events'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { limitConnections } from './limit-connections.ts'
import { pauseThread } from './testing/pause-thread.ts'
import { get, SlowServer } from './testing/slow-server.ts'

const MAX = 16
/** Longer than connections may be idle while the server is nearly full. */
const LOOK_MS = 1_050

let slow: SlowServer
let mayBeIdle: (connection: Duplex) => void

beforeEach(async () => {
  slow = await SlowServer.start()
  mayBeIdle = limitConnections(slow.server, MAX)
})

afterEach(() => slow[Symbol.dispose]())

/** Whether the server answers a request on a new connection. */
async function isServed(): Promise<boolean> {
  const socket = await slow.open(get('/quick'))
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
  for (let index = 0; index < MAX; index += 1) await slow.open(text)
  await expect.poll(isServed).toBe(true)
})

test('connections that wait for a response, or are no longer HTTP, stay, and count', async () => {
  let upgradedCount = 0
  const upgrade = (socket: Duplex): void => {
    mayBeIdle(socket)
    upgradedCount += 1
    if (upgradedCount === 4) slow.server.off('connection', upgrade)
  }
  slow.server.on('connection', upgrade)
  const upgraded: Socket[] = []
  while (upgraded.length < 4) upgraded.push(await slow.open(''))
  const waiting: Socket[] = []
  while (waiting.length < MAX - 5) waiting.push(await slow.open(get('/wait')))
  await expect.poll(() => slow.responses.length).toBe(MAX - 5)
  const idle = await slow.open('')
  const gone = once(idle, 'close')
  expect(await isServed()).toBe(false)
  await gone
  for (const response of slow.responses) response.end('late')
  for (const socket of waiting) expect(String((await once(socket, 'data'))[0])).toContain('200 OK')
  expect(upgraded.map(({ destroyed }) => destroyed)).toEqual([false, false, false, false])
})

test('a few idle connections are left alone', async () => {
  const idle = await slow.open('')
  for (let index = 0; index < MAX / 2; index += 1) await slow.open(get('/quick'))
  await expect.poll(() => slow.responses.length).toBe(MAX / 2)
  expect(idle.destroyed).toBe(false)
})

test('a request that arrives while the thread is paused is answered', async () => {
  for (let index = 0; index < MAX - 1; index += 1) await slow.open(get('/wait'))
  const socket = await slow.open(get('/quick'))
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
