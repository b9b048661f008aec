import { BALANCE_DEFAULT } from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import { CLOSED, gatewayTo, METHODS, target } from './testing/balanced-gateway.ts'
import { FaultyUpstream, type Behaviour } from './testing/faulty-upstream.ts'
import type { StartedGateway } from './testing/started-gateway.ts'

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

/** What the caller of each request saw: a status, or `cut` for a response that ended early. */
type Seen = ReadonlyMap<string, number | 'cut'>

const AT_ONCE = 20
/** Longer than a good target takes on a busy machine. */
const PATIENCE_MS = 1500

/** Sends GET and POST in turns, always 20 at once. The ids are `{name}-{number}`. */
async function load(started: StartedGateway, name: string, count: number): Promise<Seen> {
  const seen = new Map<string, number | 'cut'>()
  let next = 0
  const caller = async (): Promise<void> => {
    while (next < count) {
      const id = `${name}-${next}`
      const method = next % 2 === 0 ? 'GET' : 'POST'
      next += 1
      const asked = ask(started, id, method === 'GET' ? {} : { method, body: 'a body' })
      const outcome = await asked.then(
        ({ status }) => status,
        () => 'cut' as const,
      )
      seen.set(`${method} ${id}`, outcome)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, caller))
  return seen
}

function outcomes(seen: Seen, method: string): ReadonlySet<number | 'cut'> {
  return new Set([...seen].filter(([id]) => id.startsWith(method)).map(([, outcome]) => outcome))
}

describe('Under load, one bad target behind two good ones', () => {
  test.each<[Behaviour | 'refused' | 'flapping', readonly (number | 'cut')[]]>([
    ['refused', [502]],
    ['reset', [502]],
    ['garbage', [502]],
    ['unavailable', [503]],
    ['hang', [504]],
    ['hang-after-headers', ['cut', 504]],
    ['flapping', [502, 503]],
  ])('is left alone, and no unsafe request is sent twice: %s', async (kind, errors) => {
    let nowMs = 0
    await using bad = await FaultyUpstream.start()
    await using one = await FaultyUpstream.start()
    await using two = await FaultyUpstream.start()
    if (kind === 'flapping') {
      let turn = 0
      bad.behave = () =>
        (['answer', 'reset', 'unavailable', 'garbage', 'reset', 'answer'] as const)[(turn += 1) % 6] ??
        'answer'
    } else if (kind !== 'refused') bad.behaviour = kind
    await using started = await gatewayTo(
      [target(kind === 'refused' ? CLOSED : bad.origin), target(one.origin), target(two.origin)],
      {
        ...(kind === 'hang' ? { firstByteTimeoutMs: PATIENCE_MS } : {}),
        trigger: { timeoutMs: kind === 'hang-after-headers' ? PATIENCE_MS : 30_000 },
      },
      { monotonicMs: () => nowMs },
    )
    const allowed = new Set<number | 'cut'>([200, ...errors])
    const first = await load(started, 'a', 200)
    for (const method of ['GET', 'POST'])
      expect([...outcomes(first, method)].filter((seen) => !allowed.has(seen))).toEqual([])
    if (kind !== 'flapping') {
      // Those in progress at the time of the ejection, and those that led to it.
      expect(bad.total).toBeLessThanOrEqual(AT_ONCE + BALANCE_DEFAULT.failures)
      const before = bad.total
      const second = await load(started, 'b', 60)
      expect([...new Set(second.values())]).toEqual([200])
      expect(bad.total).toBe(before)
      // On trial, one request finds it unchanged.
      nowMs += BALANCE_DEFAULT.ejectionMs
      const third = await load(started, 'c', 60)
      expect([...third.values()].filter((status) => status !== 200).length).toBeLessThanOrEqual(1)
      expect(bad.total - before).toBe(kind === 'refused' ? 0 : 1)
    }
    const arrivals = new Map<string, number>()
    for (const upstream of [bad, one, two]) {
      for (const [id, count] of upstream.arrived) arrivals.set(id, (arrivals.get(id) ?? 0) + count)
    }
    expect([...arrivals].filter(([id, count]) => count > (id.startsWith('POST') ? 1 : 2))).toEqual([])
    expect([...first].filter(([id, status]) => status === 200 && !arrivals.has(id))).toEqual([])
    if (kind === 'flapping' || kind === 'refused') return
    // It recovers: on its next trial, and then with its share.
    bad.behaviour = 'answer'
    nowMs += 2 * BALANCE_DEFAULT.ejectionMs
    await ask(started, 'd')
    await ask(started, 'e')
    await ask(started, 'f')
    const start = bad.total
    for (let id = 0; id < 6; id += 1) expect((await ask(started, `g${id}`)).status).toBe(200)
    expect(bad.total - start).toBe(2)
    const metrics = await started.registry.metrics()
    const labels = `organization="acme",environment="prod",pipeline="orders",major="1",step="proxy",target="${bad.origin}"`
    expect(metrics).toContain(`sallyport_upstream_ejections_total{${labels}} 2\n`)
    expect(metrics).toContain(`sallyport_upstream_ejected{${labels}} 0\n`)
  })

  test('All targets bad: callers get the errors of one, and the first that works answers at once', async () => {
    await using one = await FaultyUpstream.start('reset')
    await using two = await FaultyUpstream.start('reset')
    await using started = await gatewayTo(
      [target(one.origin), target(two.origin)],
      {},
      { monotonicMs: () => 0 },
    )
    const seen = await load(started, 'a', 100)
    expect([...new Set(seen.values())]).toEqual([502])
    two.behaviour = 'answer'
    for (let id = 0; id < 4; id += 1) expect((await ask(started, `b${id}`)).status).toBe(200)
  })
})

test('A large body is streamed to the target that accepts it', async () => {
  await using good = await FaultyUpstream.start()
  await using started = await gatewayTo([target(CLOSED), target(good.origin)])
  const body = 'x'.repeat(1024 * 1024)
  expect((await ask(started, '1', { method: 'PUT', body })).status).toBe(200)
  expect(good.bodies).toEqual([body])
})
