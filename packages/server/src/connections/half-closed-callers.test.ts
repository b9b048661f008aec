import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { answerHalfClosed } from './half-closed-callers.ts'

/** Longer than the pauses of a busy machine. */
const GONE_MS = 1_000
const MIB = 1024 * 1024

let server: Server
let responses: ServerResponse[]

async function start(goneMs: number): Promise<void> {
  server = createServer((request, response) => {
    responses.push(response)
    request.resume()
  })
  answerHalfClosed(server, goneMs)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
}

function stop(): void {
  server.closeAllConnections()
  server.close()
}

beforeEach(async () => {
  responses = []
  await start(GONE_MS)
})
afterEach(stop)

/** Sends bytes and closes the sending side. */
async function sent(bytes: string): Promise<Socket> {
  const caller = connect({
    port: (server.address() as AddressInfo).port,
    host: '127.0.0.1',
    allowHalfOpen: true,
  })
  await once(caller, 'connect')
  caller.end(bytes)
  return caller
}

/** The n-th response that the server is about to send. */
async function responseTo(index: number): Promise<ServerResponse> {
  await expect.poll(() => responses.length).toBeGreaterThan(index)
  return responses[index] as ServerResponse
}

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'

test('A caller that closes its sending side gets its answer', async () => {
  const caller = await sent(GET)
  ;(await responseTo(0)).end('answer')
  expect(await text(caller)).toMatch(/^HTTP\/1\.1 200 [^]*answer$/)
})

test('All its requests are answered', async () => {
  const caller = await sent(GET + GET)
  ;(await responseTo(1)).end('second')
  ;(await responseTo(0)).end('first')
  expect(await text(caller)).toMatch(/first[^]*second$/)
})

test.each(['checkContinue', 'checkExpectation'] as const)(
  'A request to upgrade with an expectation that is cut off ends at once, however late %s is listened to',
  async (event) => {
    stop()
    await start(10 * 60_000)
    let requests = 0
    server.on(event, (request) => {
      requests += 1
      request.resume()
    })
    const expectation = event === 'checkContinue' ? '100-continue' : 'other'
    const caller = await sent(
      `POST / HTTP/1.1\r\nHost: a\r\nUpgrade: foo\r\nConnection: Upgrade\r\nExpect: ${expectation}\r\nContent-Length: 9\r\n\r\nhalf`,
    )
    expect(await text(caller)).toBe('')
    expect(requests).toBe(1)
  },
)

test('A caller that reads nothing counts as gone, although its answer goes on', async () => {
  const caller = await sent(GET)
  caller.pause()
  const unread = await responseTo(0)
  const writing = setInterval(() => unread.write(Buffer.alloc(MIB)), 1)
  await once(unread, 'close')
  clearInterval(writing)
  caller.destroy()
})

test('A caller that reads slowly gets the whole of an answer that waits in this process', async () => {
  const caller = await sent(GET)
  ;(await responseTo(0)).end(Buffer.alloc(32 * MIB))
  const startMs = performance.now()
  let bytes = 0
  for await (const chunk of caller) {
    bytes += (chunk as Buffer).length
    const dueMs = startMs + (3 * GONE_MS * bytes) / (32 * MIB)
    if (performance.now() < dueMs) await pause(1)
  }
  expect(bytes).toBeGreaterThan(32 * MIB)
})

test('An answer that goes on longer than a caller may be gone is not cut', async () => {
  const caller = await sent(GET)
  const whole = text(caller)
  const slow = await responseTo(0)
  const until = performance.now() + 3 * GONE_MS
  while (performance.now() < until) {
    await new Promise((resolve) => slow.write('x', resolve))
    await pause(20)
  }
  slow.end('end')
  expect(await whole).toMatch(/end\r\n0\r\n\r\n$/)
})

test('A caller to which nothing could be sent for long counts as gone', async () => {
  const caller = await sent(GET)
  const waiting = await responseTo(0)
  await once(waiting, 'close')
  expect(await text(caller)).toBe('')
})

test('A request that is cut off is not answered as if it were whole', async () => {
  const caller = await sent('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf')
  expect(await text(caller)).not.toContain(' 200 ')
})
