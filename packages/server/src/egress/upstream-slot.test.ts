import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import type { Dispatcher } from 'undici'
import { expect, test } from 'vitest'
import { AddressSet } from '../address/address-set.ts'
import { ConnectionPool } from './connection-pool.ts'
import type { UpstreamSlot } from './upstream-slot.ts'

const TENANT = { organization: 'org', pipeline: 'prod orders' }
const TURN = { onTurn: () => undefined, onRefused: () => undefined }

/** Names whose resolution the test ends, so that a connection to them hangs for as long as it likes. */
class HangingNames {
  readonly waiting: (() => void)[] = []
  readonly pool = new ConnectionPool(new AddressSet(['127.0.0.0/8']), (name, _options, callback) => {
    this.waiting.push(() => {
      if (name.startsWith('missing')) callback(new Error('no such name'), [])
      else callback(null, [{ address: '127.0.0.1', family: 4 }])
    })
  });

  [Symbol.asyncDispose] = async (): Promise<void> => await this.pool.destroy()

  acquire(origin: string): UpstreamSlot {
    const slot = this.pool.acquire(origin, TENANT, TURN)
    if (slot === undefined) throw new Error('there is a share for it')
    return slot
  }
}

/** A handler that records the names of its events. */
function recorder(): { readonly events: string[]; readonly handler: Dispatcher.DispatchHandler } {
  const events: string[] = []
  const note = (name: string) => (): void => void events.push(name)
  const handler = {
    onRequestStart: note('start'),
    onResponseStart: note('head'),
    onResponseData: note('data'),
    onResponseEnd: note('end'),
    onResponseError: note('error'),
  }
  return { events, handler }
}

/** A server that counts what it receives, and answers. */
async function openServer(): Promise<
  AsyncDisposable & { readonly port: number; readonly received: string[] }
> {
  const received: string[] = []
  const server = createServer((socket) => {
    socket.on('data', (chunk) => {
      received.push(chunk.toString('latin1').split('\r\n', 1)[0] ?? '')
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok')
    })
    socket.on('error', () => undefined)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    received,
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

test('requests that are given up while they wait for a connection stay counted, and their origin full', async () => {
  await using names = new HangingNames()
  const { pool } = names
  const origin = 'http://silent.test'
  const handlers = Array.from({ length: 2000 }, recorder)
  let dispatched = 0
  for (const { handler } of handlers) {
    const slot = names.acquire(origin)
    if (slot.isReady) {
      slot.dispatch({ path: '/', method: 'GET' }, handler)
      dispatched += 1
    }
    slot.release()
    slot.release()
  }
  expect(dispatched).toBeGreaterThan(200)
  expect(dispatched).toBeLessThan(500)
  expect(pool.exchanges).toBe(dispatched)
  expect(names.acquire(origin).isReady).toBe(false)
})

test.each(['http://missing.test', 'http://late.test'])(
  'a request that is given up before its connection is never sent, and its handler hears nothing: %s',
  async (name) => {
    await using server = await openServer()
    await using names = new HangingNames()
    const { pool } = names
    const origin = `${name}:${server.port}`
    const left = recorder()
    const slot = names.acquire(origin)
    slot.dispatch({ path: '/left', method: 'POST', body: 'order' }, left.handler)
    await expect.poll(() => names.waiting.length).toBe(1)
    slot.release()
    expect(pool.exchanges).toBe(1)
    for (const resolve of names.waiting.splice(0)) resolve()
    await expect.poll(() => pool.exchanges).toBe(0)
    expect(left.events).toEqual([])
    const next = recorder()
    const following = names.acquire(origin)
    following.dispatch({ path: '/next', method: 'GET' }, next.handler)
    await expect
      .poll(() => {
        for (const resolve of names.waiting.splice(0)) resolve()
        return next.events.at(-1)
      })
      .toMatch(/^(?:end|error)$/)
    following.release()
    expect(pool.exchanges).toBe(0)
    expect(server.received).toEqual(name.includes('missing') ? [] : ['GET /next HTTP/1.1'])
  },
)

test('requests with a promise end with their signal while they wait for a connection', async () => {
  await using names = new HangingNames()
  const { pool } = names
  const ending = new AbortController()
  const origin = 'http://silent.test'
  const sent = pool.withSlot(origin, TENANT, ending.signal, async (requests) => {
    return await requests.request({ origin, path: '/', method: 'GET' })
  })
  await expect.poll(() => names.waiting.length).toBe(1)
  ending.abort(new Error('too late'))
  await expect(sent).rejects.toThrow('too late')
  expect(pool.exchanges).toBe(1)
  for (const resolve of names.waiting) resolve()
  await expect.poll(() => pool.exchanges).toBe(0)
})

test('requests with a promise are not sent when their signal has ended before', async () => {
  await using names = new HangingNames()
  const { pool } = names
  const origin = 'http://silent.test'
  const signal = AbortSignal.abort(new Error('too late'))
  const sent = pool.withSlot(origin, TENANT, signal, async (requests) => {
    return await requests.request({ origin, path: '/', method: 'GET' })
  })
  await expect(sent).rejects.toThrow('too late')
})

test('an upstream that fails at once gives its slots back', async () => {
  await using server = await openServer()
  const { port } = server
  await server[Symbol.asyncDispose]()
  await using names = new HangingNames()
  const origin = `http://127.0.0.1:${port}`
  const refused = recorder()
  const slot = names.acquire(origin)
  slot.dispatch({ path: '/', method: 'GET' }, refused.handler)
  await expect.poll(() => refused.events).toEqual(['error'])
  slot.release()
  expect(names.pool.exchanges).toBe(0)
  expect(() => slot.dispatch({ path: '/', method: 'GET' }, refused.handler)).toThrow('turn has come')
})
