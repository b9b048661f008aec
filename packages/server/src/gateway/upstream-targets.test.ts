import { BALANCE_DEFAULT, type Balance, type UpstreamOptions, type UpstreamTarget } from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import { FaultyUpstream, type Behaviour } from './testing/faulty-upstream.ts'
import { ACME, deployment, OPEN, proxyTo, startWith, type StartedGateway } from './testing/started-gateway.ts'

function target(origin: string, fields: Partial<UpstreamTarget> = {}): UpstreamTarget {
  return { origin, weight: 1, when: null, isBackup: false, ...fields }
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']
/** Of a port on which nothing listens. */
const CLOSED = 'http://127.0.0.1:1'

interface Options extends Omit<UpstreamOptions, 'balance'> {
  readonly balance?: Partial<Balance>
  readonly timeoutMs?: number
  readonly monotonicMs?: () => number
}

async function gatewayTo(targets: readonly UpstreamTarget[], options: Options = {}): Promise<StartedGateway> {
  const { balance, monotonicMs, timeoutMs = 30_000, ...limits } = options
  const step = proxyTo(`${targets[0]?.origin ?? CLOSED}/orders`, {
    ...limits,
    targets,
    balance: { ...BALANCE_DEFAULT, ...balance },
  })
  const record = deployment({ methods: METHODS, authentication: OPEN, timeoutMs }, step)
  return await startWith([...ACME, record], monotonicMs === undefined ? {} : { monotonicMs })
}

interface Answer {
  readonly status: number
  readonly text: string
}

interface Question {
  readonly method?: string
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
}

async function ask(started: StartedGateway, id: string, init: Question = {}): Promise<Answer> {
  const response = await fetch(`${started.url}/acme/prod/orders`, {
    ...init,
    headers: { 'x-test-id': id, ...init.headers },
  })
  return { status: response.status, text: await response.text() }
}

describe('Requests are shared among targets', () => {
  test('by their weights, in turn', async () => {
    await using one = await FaultyUpstream.start()
    await using two = await FaultyUpstream.start()
    await using started = await gatewayTo([target(one.origin, { weight: 3 }), target(two.origin)])
    const texts: string[] = []
    for (let id = 0; id < 8; id += 1) texts.push((await ask(started, String(id))).text)
    const [a, b] = [one.origin, two.origin]
    expect(texts).toEqual([a, a, b, a, a, a, b, a])
  })

  test('by conditions, and with a backup', async () => {
    await using one = await FaultyUpstream.start()
    await using canary = await FaultyUpstream.start()
    await using backup = await FaultyUpstream.start()
    await using started = await gatewayTo([
      target(one.origin),
      target(canary.origin, { when: { headers: { 'X-Canary': 'yes' }, consumers: [] } }),
      target(backup.origin, { isBackup: true }),
    ])
    expect((await ask(started, '1')).text).toBe(one.origin)
    expect((await ask(started, '2', { headers: { 'x-canary': 'yes' } })).text).toBe(canary.origin)
    expect((await ask(started, '3', { headers: { 'x-canary': 'no' } })).text).toBe(one.origin)
    canary.behaviour = 'reset'
    expect((await ask(started, '4', { headers: { 'x-canary': 'yes' } })).text).toBe(one.origin)
    one.behaviour = 'reset'
    expect((await ask(started, '5')).text).toBe(backup.origin)
  })
})

describe('A request that failed at one target', () => {
  test.each(['GET', 'HEAD', 'OPTIONS'])('is sent to another one if it is a %s', async (method) => {
    for (const behaviour of ['reset', 'garbage', 'unavailable'] as const satisfies Behaviour[]) {
      await using bad = await FaultyUpstream.start(behaviour)
      await using good = await FaultyUpstream.start()
      await using started = await gatewayTo([target(bad.origin), target(good.origin)])
      expect([behaviour, (await ask(started, '1', { method })).status]).toEqual([behaviour, 200])
      expect([bad.total, good.total]).toEqual([1, 1])
    }
  })

  test.each(['POST', 'PUT', 'PATCH', 'DELETE'])(
    'is never sent again if it is a %s that may have arrived',
    async (method) => {
      for (const behaviour of ['reset', 'garbage', 'unavailable'] as const satisfies Behaviour[]) {
        await using bad = await FaultyUpstream.start(behaviour)
        await using good = await FaultyUpstream.start()
        await using started = await gatewayTo([target(bad.origin), target(good.origin)])
        const status = behaviour === 'unavailable' ? 503 : 502
        expect((await ask(started, '1', { method, body: 'text' })).status).toBe(status)
        expect((await ask(started, '2', { method })).status).toBe(200)
        expect([bad.total, good.total]).toEqual([1, 1])
      }
    },
  )

  test.each(METHODS)('is sent to another one with its body if nothing was sent: %s', async (method) => {
    await using good = await FaultyUpstream.start()
    await using started = await gatewayTo([target(CLOSED), target(good.origin)])
    const hasBody = method !== 'GET' && method !== 'HEAD'
    const answer = await ask(started, '1', { method, ...(hasBody ? { body: 'a body' } : {}) })
    expect(answer.status).toBe(200)
    expect(good.bodies).toEqual([hasBody ? 'a body' : ''])
  })
})

describe('A target that hangs', () => {
  test('is left for another one after the time for the first byte', async () => {
    await using bad = await FaultyUpstream.start('hang')
    await using good = await FaultyUpstream.start()
    await using started = await gatewayTo([target(bad.origin), target(good.origin)], {
      firstByteTimeoutMs: 50,
    })
    expect((await ask(started, '1')).text).toBe(good.origin)
    expect((await ask(started, '2', { method: 'POST', body: 'x' })).status).toBe(200)
    expect((await ask(started, '3', { method: 'POST', body: 'x' })).status).toBe(504)
    expect([...bad.arrived]).toEqual([
      ['GET 1', 1],
      ['POST 3', 1],
    ])
  })
})
