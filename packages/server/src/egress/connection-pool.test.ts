import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { AddressSet } from '../address/address-set.ts'
import type { Tenant } from '../fairness/fair-share.ts'
import { ConnectionPool } from './connection-pool.ts'
import type { UpstreamSlot } from './upstream-slot.ts'

afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})
const closing: (() => Promise<void>)[] = []

function tenant(organization: string, pipeline = 'prod orders'): Tenant {
  return { organization, pipeline }
}

/** A pool whose names all resolve to this machine. */
function openPool(): ConnectionPool {
  const pool = new ConnectionPool(new AddressSet(['127.0.0.0/8']), (_name, _options, callback) => {
    callback(null, [{ address: '127.0.0.1', family: 4 }])
  })
  closing.push(async () => await pool.destroy())
  return pool
}

interface Waiting {
  readonly path: string | undefined
  readonly response: ServerResponse
}

/** A server whose responses the test ends, unless it answers at once. */
async function openUpstream(answersAtOnce: boolean): Promise<{ port: number; waiting: Waiting[] }> {
  const waiting: Waiting[] = []
  const server: Server = createServer(({ url }, response) => {
    if (answersAtOnce) response.end('done')
    else waiting.push({ path: url, response })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return { port: (server.address() as AddressInfo).port, waiting }
}

async function get(pool: ConnectionPool, origin: string, user: Tenant, path = '/'): Promise<string> {
  const { signal } = new AbortController()
  return await pool.withSlot(origin, user, signal, async (requests) => {
    const { body } = await requests.request({ origin, path, method: 'GET' })
    return await body.text()
  })
}

/** A handler that records its calls. */
function recorder(): { calls: string[]; onTurn: () => void; onRefused: () => void } {
  const calls: string[] = []
  return { calls, onTurn: () => calls.push('turn'), onRefused: () => calls.push('refused') }
}

/** Acquires slots until one is not ready at once. */
function acquireReady(pool: ConnectionPool, origin: string, user: Tenant): UpstreamSlot[] {
  const slots: UpstreamSlot[] = []
  for (;;) {
    const slot = pool.acquire(origin, user, recorder())
    if (slot?.isReady !== true) {
      slot?.release()
      return slots
    }
    slots.push(slot)
  }
}

describe('idle origins', () => {
  test('of one organization are evicted for others, which are never refused', async () => {
    const { port } = await openUpstream(true)
    const pool = openPool()
    for (let first = 0; first < 1200; first += 100) {
      const origins = Array.from({ length: 100 }, (_, index) => `http://host-${first + index}.test:${port}`)
      const texts = await Promise.all(
        origins.map(async (origin) => await get(pool, origin, tenant('greedy'))),
      )
      expect(new Set(texts)).toEqual(new Set(['done']))
      expect(pool.origins).toBeLessThanOrEqual(1024)
    }
    expect(await get(pool, `http://other.test:${port}`, tenant('other'))).toBe('done')
    expect(pool.exchanges).toBe(0)
  })

  test('are not needed for a newcomer while one organization uses as many origins as it can', () => {
    const pool = openPool()
    const acquire = (index: number, user: Tenant): UpstreamSlot | undefined =>
      pool.acquire(`http://host-${index}.test`, user, recorder())
    const slots = Array.from({ length: 1024 }, (_, index) => acquire(index, tenant('greedy', `${index % 9}`)))
    const held = slots.filter((slot) => slot !== undefined)
    expect(held.length).toBeGreaterThan(700)
    expect(held.length).toBeLessThanOrEqual(768)
    const others = Array.from({ length: 100 }, (_, index) => acquire(2000 + index, tenant('other')))
    expect(others).not.toContain(undefined)
    // An origin in use is shared without another unit of the greedy organization.
    expect(acquire(0, tenant('greedy', '0'))).toBeDefined()
    for (const slot of [...held, ...others]) slot?.release()
  })
})

describe('the connections of one origin', () => {
  test('are shared: hanging requests of one organization leave room for others', async () => {
    const { port, waiting } = await openUpstream(false)
    const pool = openPool()
    const origin = `http://127.0.0.1:${port}`
    const hanging = Array.from({ length: 500 }, async (_, index) =>
      get(pool, origin, tenant('greedy', `prod ${index % 40}`)),
    )
    await expect.poll(() => waiting.length).toBeGreaterThan(250)
    const next = pool.acquire(origin, tenant('greedy', 'prod 0'), recorder())
    expect(next?.isReady).toBe(false)
    next?.release()
    const text = get(pool, origin, tenant('other'), '/other')
    const other = (): Waiting | undefined => waiting.find(({ path }) => path === '/other')
    await expect.poll(other).toBeDefined()
    other()?.response.end('served')
    expect(await text).toBe('served')
    // The hanging requests get their turns as connections become free.
    const answer = setInterval(() => waiting.splice(0).forEach(({ response }) => response.end('late')), 5)
    expect(new Set(await Promise.all(hanging))).toEqual(new Set(['late']))
    clearInterval(answer)
    expect(pool.exchanges).toBe(0)
  })

  test('go to organizations and then to pipelines in turns', () => {
    const pool = openPool()
    const origin = 'http://shared.test'
    const held = acquireReady(pool, origin, tenant('a'))
    expect(held.length).toBeGreaterThanOrEqual(256)
    const first = recorder()
    const second = recorder()
    const waiting = [first, second].map((handler) => pool.acquire(origin, tenant('a'), handler))
    expect(pool.acquire(origin, tenant('b'), recorder())?.isReady).toBe(true)
    for (const slot of held.slice(0, 10)) slot.release()
    expect([first.calls, second.calls]).toEqual([['turn'], ['turn']])
    for (const slot of waiting) slot?.release()
    for (const slot of held) slot.release()
    expect(pool.exchanges).toBe(1)
  })

  test('a full queue evicts the requests of the longest organization', () => {
    const pool = openPool()
    const origin = 'http://shared.test'
    acquireReady(pool, origin, tenant('greedy'))
    const handlers = Array.from({ length: 2048 }, recorder)
    for (const handler of handlers) pool.acquire(origin, tenant('greedy'), handler)
    acquireReady(pool, origin, tenant('other'))
    const other = recorder()
    expect(pool.acquire(origin, tenant('other'), other)?.isReady).toBe(false)
    expect(other.calls).toEqual([])
    expect(handlers.at(-1)?.calls).toEqual(['refused'])
  })

  test('that is upgraded returns, and the exchange is counted until it ends', () => {
    const pool = openPool()
    const slot = pool.acquire('http://socket.test', tenant('a'), recorder())
    slot?.upgrade()
    slot?.upgrade()
    expect(pool.exchanges).toBe(1)
    slot?.release()
    slot?.release()
    expect(pool.exchanges).toBe(0)
  })
})

test('one organization holds at most three quarters of all exchanges, tunnels included', () => {
  const pool = openPool()
  let tunnels = 0
  for (let index = 0; index < 20_000; index += 1) {
    const slot = pool.acquire('http://socket.test', tenant('greedy', `${index % 7}`), recorder())
    slot?.upgrade()
    if (slot !== undefined) tunnels += 1
  }
  expect(tunnels).toBeGreaterThan(10_000)
  expect(tunnels).toBeLessThanOrEqual(13_824)
  expect(pool.acquire('http://socket.test', tenant('other'), recorder())?.isReady).toBe(true)
})

test('a wait for a connection ends with its signal', async () => {
  const pool = openPool()
  const origin = 'http://shared.test'
  acquireReady(pool, origin, tenant('a'))
  const before = pool.exchanges
  const ending = new AbortController()
  const waiting = pool.withSlot(origin, tenant('a'), ending.signal, () => Promise.resolve('sent'))
  ending.abort(new Error('too late'))
  await expect(waiting).rejects.toThrow('too late')
  expect(pool.exchanges).toBe(before)
})
