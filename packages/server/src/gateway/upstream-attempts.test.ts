import { once } from 'node:events'
import { BALANCE_DEFAULT } from '@sallyport/core'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { eventually } from '../../../../test/support/eventually.ts'
import { balancedDeployment, CLOSED, gatewayTo, target } from './testing/balanced-gateway.ts'
import { FaultyUpstream, type Behaviour } from './testing/faulty-upstream.ts'
import { RawConnection } from './testing/raw-connection.ts'
import { ScriptedUpstream } from './testing/scripted-upstream.ts'
import { callTo, pipeline } from './testing/step-fixtures.ts'
import {
  ACME,
  deployment,
  makeKey,
  OPEN,
  proxyTo,
  startWith,
  type StartedGateway,
} from './testing/started-gateway.ts'

/** A server that accepts connections and says nothing, so that TLS connections to it are never complete. */
class SilentServer implements AsyncDisposable {
  readonly sockets = new Set<Socket>()
  readonly #server = createServer((socket) => {
    this.sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.resume()
  })

  static async start(): Promise<SilentServer> {
    const silent = new SilentServer()
    silent.#server.listen(0, '127.0.0.1')
    await once(silent.#server, 'listening')
    return silent
  }

  get origin(): string {
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.sockets) socket.destroy()
    this.#server.close()
    await once(this.#server, 'close')
  }
}

function head(method: string, headers = '', path = '/acme/prod/orders'): string {
  return `${method} ${path} HTTP/1.1\r\nHost: api\r\nX-Test-Id: 1\r\n${headers}\r\n`
}

const CLOSE = 'Connection: close\r\n'
const HANDSHAKE =
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'

async function failuresOf(started: StartedGateway, { origin }: { origin: string }): Promise<number> {
  const text = await started.registry.metrics()
  const line = text
    .split('\n')
    .find((each) => each.startsWith('sallyport_upstream_failures_total') && each.includes(origin))
  return Number(line?.split(' ').at(-1))
}

describe('connectTimeoutMs', () => {
  test.each(['GET', 'POST'])('lets another target answer, with the body: %s', async (method) => {
    await using silent = await SilentServer.start()
    await using good = await FaultyUpstream.start()
    await using started = await gatewayTo([target(silent.origin), target(good.origin)], {
      connectTimeoutMs: 50,
    })
    const body = method === 'POST' ? 'Content-Length: 6\r\n' : ''
    const text = await RawConnection.exchange(
      started.gateway.port,
      `${head(method, CLOSE + body)}${method === 'POST' ? 'a body' : ''}`,
    )
    expect(text).toMatch(/^HTTP\/1.1 200 /)
    expect(good.bodies).toEqual([method === 'POST' ? 'a body' : ''])
    expect(await failuresOf(started, silent)).toBe(1)
  })

  test('ends in 504 if there is no other target, also without targets', async () => {
    await using silent = await SilentServer.start()
    await using started = await gatewayTo([target(silent.origin)], { connectTimeoutMs: 50 })
    const text = await RawConnection.exchange(started.gateway.port, head('GET', CLOSE))
    expect(text).toMatch(/^HTTP\/1.1 504 /)
    expect(text).toContain('upstream_timeout')
    const alone = proxyTo(`${silent.origin}/orders`, { connectTimeoutMs: 50 })
    await started.load([...ACME, deployment({ authentication: OPEN }, alone)])
    expect(await RawConnection.exchange(started.gateway.port, head('GET', CLOSE))).toMatch(/^HTTP\/1.1 504 /)
  })

  test('does not count while the gateway waits for the caller', async () => {
    await using good = await FaultyUpstream.start()
    await using started = await gatewayTo([target(good.origin)], {
      connectTimeoutMs: 1000,
      firstByteTimeoutMs: 100,
    })
    await using caller = await RawConnection.open(started.gateway.port)
    caller.send(`${head('POST', 'Content-Length: 6\r\n')}a b`)
    await eventually(() => expect(good.unfinished).toContain('a b'))
    const sinceMs = performance.now()
    await eventually(() => expect(performance.now() - sinceMs).toBeGreaterThan(250))
    caller.send('ody')
    await caller.until(/^HTTP\/1.1 200 /)
  })
})

test('A target is at fault for a 304 without a condition, and not for one that a header rule makes', async () => {
  await using upstream = await ScriptedUpstream.start()
  upstream.answers.set('/orders', (_, response) => response.writeHead(304).end())
  const step = proxyTo(`${upstream.origin}/orders`, {
    headers: { 'if-none-match': { from: 'x-known' } },
    targets: [target(upstream.origin)],
    balance: BALANCE_DEFAULT,
  })
  await using started = await startWith([...ACME, deployment({ authentication: OPEN }, step)])
  const answer = async (headers: string): Promise<string> =>
    await RawConnection.exchange(started.gateway.port, head('GET', CLOSE + headers))
  expect(await answer('X-Known: "a"\r\n')).toMatch(/^HTTP\/1.1 502 /)
  expect(await failuresOf(started, upstream)).toBe(0)
  expect(await answer('')).toMatch(/^HTTP\/1.1 502 /)
  expect(await failuresOf(started, upstream)).toBe(1)
})

test.each(['proxy', 'call'])(
  'timeoutMs of a %s ends while a connection is still being made',
  async (kind) => {
    await using silent = await SilentServer.start()
    const url = `${silent.origin}/orders`
    const step = kind === 'proxy' ? proxyTo(url, { timeoutMs: 50 }) : callTo(url, { timeoutMs: 50 })
    await using started = await startWith([...ACME, pipeline('orders', step)])
    const text = await RawConnection.exchange(started.gateway.port, head('GET', CLOSE))
    expect(text).toMatch(/^HTTP\/1.1 504 /)
    expect([...silent.sockets].map(({ destroyed }) => destroyed)).toEqual([false])
  },
)

describe('WebSockets', () => {
  test.each<Behaviour>(['reset', 'garbage', 'unavailable'])(
    'are opened at another target if one fails before the switch: %s',
    async (behaviour) => {
      await using bad = await FaultyUpstream.start(behaviour)
      await using good = await FaultyUpstream.start('websocket')
      await using started = await gatewayTo([target(bad.origin), target(good.origin)])
      await using caller = await RawConnection.open(started.gateway.port)
      caller.send(head('GET', HANDSHAKE))
      expect(await caller.until('\r\n\r\n')).toMatch(/^HTTP\/1.1 101 /)
      caller.send('over there')
      await caller.until('over there')
      expect([bad.total, good.total]).toEqual([1, 1])
      // What comes after the switch says nothing about the target, and nothing is sent again.
      good.reset()
      await caller.closed()
      expect([bad.total, good.total]).toEqual([1, 1])
      expect([await failuresOf(started, bad), await failuresOf(started, good)]).toEqual([1, 0])
    },
  )

  test('A switch to another protocol is a failure that no other target repeats', async () => {
    await using bad = await FaultyUpstream.start()
    await using good = await FaultyUpstream.start('websocket')
    bad.raw = 'HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: other\r\n\r\n'
    await using started = await gatewayTo([target(bad.origin), target(good.origin)])
    await using caller = await RawConnection.open(started.gateway.port)
    caller.send(head('GET', HANDSHAKE))
    expect(await caller.until('\r\n\r\n')).toMatch(/^HTTP\/1.1 502 /)
    expect([bad.total, good.total, await failuresOf(started, bad)]).toEqual([1, 0, 1])
  })
})

describe('Event streams', () => {
  test('come from another target if one fails, and are never begun twice', async () => {
    await using bad = await FaultyUpstream.start('reset')
    await using good = await FaultyUpstream.start('events')
    await using started = await gatewayTo([target(bad.origin), target(good.origin)], {
      balance: { retries: 3 },
    })
    await using caller = await RawConnection.open(started.gateway.port)
    caller.send(head('GET'))
    await caller.until(`data: ${good.origin}`)
    good.reset()
    const text = await caller.closed()
    expect(text.match(/data: /g)).toHaveLength(1)
    expect(text.endsWith('0\r\n\r\n')).toBe(false)
    expect([bad.total, good.total]).toEqual([1, 1])
    expect([await failuresOf(started, bad), await failuresOf(started, good)]).toEqual([1, 0])
  })
})

describe('While the lease is over', () => {
  const key = makeKey()

  async function withLease(
    targets: Parameters<typeof gatewayTo>[0],
    options: Parameters<typeof gatewayTo>[1] = {},
  ): Promise<{ started: StartedGateway; lease: { isOver: boolean; asked: number } }> {
    const lease = { isOver: false, asked: 0 }
    const authentication = { apiKey: true, jwt: false, basic: false }
    const record = balancedDeployment(targets, { ...options, trigger: { authentication } })
    const started = await startWith([...ACME, key.record, record], {
      isLeaseOver: () => {
        if (lease.isOver) lease.asked += 1
        return lease.isOver
      },
    })
    return { started, lease }
  }

  test.each([
    ['goes on with its renewal', false],
    ['is dropped if its caller is then refused', true],
  ])('a request that is sent again waits, and %s', async (_, isRefused) => {
    await using bad = await FaultyUpstream.start('hang')
    await using good = await FaultyUpstream.start()
    const { started, lease } = await withLease([target(bad.origin), target(good.origin)])
    await using gateway = started
    await using caller = await RawConnection.open(gateway.gateway.port)
    caller.send(head('GET', `${CLOSE}X-Api-Key: ${key.token}\r\n`))
    await eventually(() => expect(bad.total).toBe(1))
    lease.isOver = true
    bad.reset()
    await eventually(() => expect(lease.asked).toBeGreaterThan(2))
    expect(good.total).toBe(0)
    if (isRefused) gateway.apply([{ ...key.record, deleted: true }])
    lease.isOver = false
    expect(await caller.closed()).toMatch(isRefused ? /^HTTP\/1.1 401 / : /^HTTP\/1.1 200 /)
    expect(good.total).toBe(isRefused ? 0 : 1)
  })

  test('a target is not at fault for bytes that the gateway holds', async () => {
    await using slow = await FaultyUpstream.start('hang')
    const { started, lease } = await withLease([target(slow.origin)], { firstByteTimeoutMs: 300 })
    await using gateway = started
    await using caller = await RawConnection.open(gateway.gateway.port)
    caller.send(`${head('POST', `${CLOSE}Content-Length: 6\r\nX-Api-Key: ${key.token}\r\n`)}a b`)
    await eventually(() => expect(slow.unfinished).toContain('a b'))
    lease.isOver = true
    // All of it has arrived at the gateway, but not at the target.
    caller.send('ody')
    expect(await caller.closed()).toMatch(/^HTTP\/1.1 503 /)
    expect([slow.total, await failuresOf(gateway, slow)]).toEqual([0, 0])
  })
})

describe('Bodies', () => {
  test('Expect: 100-continue is answered once, and the body goes to the target that accepts it', async () => {
    await using good = await FaultyUpstream.start()
    await using started = await gatewayTo([target(CLOSED), target(good.origin)])
    await using caller = await RawConnection.open(started.gateway.port)
    caller.send(head('PUT', `${CLOSE}Content-Length: 6\r\nExpect: 100-continue\r\n`))
    await caller.until('HTTP/1.1 100 Continue\r\n\r\n')
    caller.send('a body')
    const text = await caller.closed()
    expect(text.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 100', 'HTTP/1.1 200'])
    expect(good.bodies).toEqual(['a body'])
  })

  test('A body of which a target has got a part is never sent to another one', async () => {
    await using bad = await FaultyUpstream.start()
    await using good = await FaultyUpstream.start()
    await using started = await gatewayTo([target(bad.origin), target(good.origin)], {
      balance: { retryMethods: ['GET', 'PUT'], retries: 3 },
    })
    await using caller = await RawConnection.open(started.gateway.port)
    caller.send(`${head('PUT', `${CLOSE}Content-Length: 6\r\n`)}a b`)
    await eventually(() => expect(bad.unfinished).toContain('a b'))
    bad.reset()
    expect(await caller.until('\r\n\r\n')).toMatch(/^HTTP\/1.1 502 /)
    expect(good.unfinished).toBe('')
    expect(good.total).toBe(0)
  })

  test('A body of which a caller has sent a part goes to the next target as a whole', async () => {
    await using silent = await SilentServer.start()
    await using good = await FaultyUpstream.start()
    await using started = await gatewayTo([target(silent.origin), target(good.origin)], {
      connectTimeoutMs: 100,
    })
    await using caller = await RawConnection.open(started.gateway.port)
    caller.send(`${head('POST', `${CLOSE}Transfer-Encoding: chunked\r\n`)}3\r\na b\r\n`)
    await eventually(() => expect(good.unfinished).toContain('a b'))
    caller.send('3\r\nody\r\n0\r\n\r\n')
    expect(await caller.closed()).toMatch(/^HTTP\/1.1 200 /)
    expect(good.bodies).toEqual(['3\r\na b\r\n3\r\nody\r\n0\r\n\r\n'])
  })

  test('A body above the limit is refused during a retry too, and no target is at fault', async () => {
    await using silent = await SilentServer.start()
    await using good = await FaultyUpstream.start()
    await using started = await gatewayTo([target(silent.origin), target(good.origin)], {
      connectTimeoutMs: 100,
      trigger: { requestBytesMax: 8 },
    })
    await using caller = await RawConnection.open(started.gateway.port)
    caller.send(`${head('POST', 'Transfer-Encoding: chunked\r\n')}3\r\na b\r\n`)
    await eventually(() => expect(good.unfinished).toContain('a b'))
    caller.send('8\r\nmuch too \r\n')
    expect(await caller.until('\r\n\r\n')).toMatch(/^HTTP\/1.1 413 /)
    expect([good.total, await failuresOf(started, good)]).toEqual([0, 0])
  })
})

describe('A caller that leaves', () => {
  test.each(['while a target is asked', 'while the request waits to be sent again'])(
    '%s is no failure, and nothing is sent for it any more',
    async (when) => {
      await using bad = await FaultyUpstream.start('hang')
      await using good = await FaultyUpstream.start()
      const lease = { isOver: false, asked: 0 }
      const record = balancedDeployment([target(bad.origin), target(good.origin)])
      await using started = await startWith([...ACME, record], {
        isLeaseOver: () => {
          lease.asked += 1
          return lease.isOver
        },
      })
      const caller = await RawConnection.open(started.gateway.port)
      caller.send(head('GET'))
      await eventually(() => expect(bad.total).toBe(1))
      const isRetried = when.includes('again')
      if (isRetried) {
        lease.isOver = true
        lease.asked = 0
        bad.reset()
        await eventually(() => expect(lease.asked).toBeGreaterThan(2))
      }
      await caller[Symbol.asyncDispose]()
      await eventually(async () => {
        expect(await started.registry.metrics()).toContain('sallyport_outcome="caller_gone"')
      })
      lease.isOver = false
      // The next request finds everything in order.
      bad.behaviour = 'answer'
      const next = await RawConnection.exchange(
        started.gateway.port,
        head('GET', CLOSE).replace('X-Test-Id: 1', 'X-Test-Id: 2'),
      )
      expect(next).toMatch(/^HTTP\/1.1 200 /)
      expect(good.arrived.get('GET 1')).toBeUndefined()
      expect(await failuresOf(started, bad)).toBe(isRetried ? 1 : 0)
    },
  )
})

describe('Variables in the origins of targets', () => {
  const variable = (name: string, value: string) =>
    ({
      kind: 'environment-variable',
      organization: 'acme',
      environment: 'prod',
      id: `var_${name}`,
      name,
      value,
    }) as const

  const hostOf = ({ origin }: { origin: string }): string => origin.slice('http://'.length)

  test('are those of the moment, and a target keeps what is known about it', async () => {
    await using one = await FaultyUpstream.start()
    await using two = await FaultyUpstream.start()
    const record = balancedDeployment([target('http://{vars.ONE}'), target('http://{vars.TWO}')])
    await using started = await startWith([
      ...ACME,
      record,
      variable('ONE', hostOf(one)),
      variable('TWO', 'localhost:1'),
    ])
    const ask = async (): Promise<string> =>
      await RawConnection.exchange(started.gateway.port, head('GET', CLOSE))
    expect(await ask()).toContain(one.origin)
    expect(await ask()).toContain(one.origin)
    started.apply([variable('TWO', hostOf(two))])
    const texts = [await ask(), await ask()].join()
    expect(texts).toContain(one.origin)
    expect(texts).toContain(two.origin)
    // Two targets that are one: it is one server, with both of its shares.
    started.apply([variable('ONE', hostOf(two))])
    two.behaviour = 'unavailable'
    const before = two.total
    expect(await ask()).toMatch(/^HTTP\/1.1 503 /)
    expect(two.total - before).toBe(1)
    const lines = (await started.registry.metrics()).split('\n')
    expect(
      lines.filter((line) => line.includes('attempts_total{') && line.includes(two.origin)),
    ).toHaveLength(1)
    // The API refuses to remove it while it is used; a gateway must cope all the same.
    started.apply([variable('ONE', 'no host')])
    expect(await ask()).toMatch(/^HTTP\/1.1 500 /)
  })
})
