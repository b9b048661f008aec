import type { FeedRecord, Step, Trigger } from '@sallyport/core'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import {
  EXCHANGE_KINDS,
  expectGoesOn,
  expectIsCut,
  openExchange,
  type ExchangeKind,
  type LastingExchange,
} from '../../../../../test/support/lasting-exchange.ts'
import { LastingUpstream } from '../../../../../test/support/lasting-upstream.ts'
import { RawConnection } from '../testing/raw-connection.ts'
import {
  ACME,
  deployment,
  makeKey,
  proxyTo,
  startWith,
  type StartedGateway,
} from '../testing/started-gateway.ts'
import { callTo } from '../testing/step-fixtures.ts'
import { LeaseGate } from './lease-gate.ts'
import { eventually } from '../../../../../test/support/eventually.ts'

const upstream = await LastingUpstream.start()
const key = makeKey()

const STREAMED = EXCHANGE_KINDS.filter((kind) => kind !== 'run')

let isLeaseOver = false
/** How often the gateway has asked since the lease ended. */
let asked = 0
const lease = {
  end(): void {
    isLeaseOver = true
    asked = 0
  },
  renew(): void {
    isLeaseOver = false
  },
}

const RECORDS = [...ACME, key.record, ...EXCHANGE_KINDS.map((kind) => pipelineOf(kind))]
const shared = await startWith(RECORDS, {
  isLeaseOver: () => {
    asked += 1
    return isLeaseOver
  },
})
afterAll(async () => {
  await shared[Symbol.asyncDispose]()
  await upstream[Symbol.asyncDispose]()
})

const opened: AsyncDisposable[] = []
afterEach(async () => {
  lease.renew()
  for (const one of opened.splice(0).toReversed()) await one[Symbol.asyncDispose]()
  await shared.load(RECORDS)
})

function pipelineOf(kind: ExchangeKind, trigger: Partial<Trigger> = {}, steps?: Step[]): FeedRecord {
  const url = `${upstream.url}/${kind}`
  const step = kind === 'run' ? callTo(url) : proxyTo(url)
  return deployment({ paths: [`/${kind}`], ...trigger }, steps ?? step, { pipeline: kind, id: kind })
}

async function open(kind: ExchangeKind, started: StartedGateway = shared): Promise<LastingExchange> {
  const headers = `X-Api-Key: ${key.token}\r\n`
  const exchange = await openExchange(kind, started.gateway.port, upstream, headers)
  opened.push(exchange.caller)
  return exchange
}

/** Both ends of an exchange, as they are now. */
const received = ({ caller, upstream: far }: LastingExchange): unknown => [caller.text, far.received()]

const untilAsked = async (times = 1): Promise<void> =>
  await eventually(() => expect(asked).toBeGreaterThanOrEqual(times))

describe('While the lease is over', () => {
  test.each(EXCHANGE_KINDS)('bytes of an open exchange (%s) wait for its renewal', async (kind) => {
    const exchange = await open(kind)
    const before = received(exchange)
    lease.end()
    const goingOn = expectGoesOn(exchange)
    await untilAsked(3)
    expect(received(exchange)).toEqual(before)
    lease.renew()
    await goingOn
  })

  test.each(STREAMED)('bytes of a caller (%s) that is then refused are dropped', async (kind) => {
    const exchange = await open(kind)
    lease.end()
    const cut = expectIsCut(exchange)
    await untilAsked(3)
    shared.apply([{ ...key.record, deleted: true }])
    lease.renew()
    await cut
  })

  test('the result of a run is dropped if its caller is then refused', async () => {
    const exchange = await open('run')
    lease.end()
    exchange.upstream.response?.end('{"too": "late"}')
    await untilAsked(3)
    shared.apply([{ ...key.record, deleted: true }])
    lease.renew()
    expect(await exchange.caller.closed()).toMatch(/^HTTP\/1.1 401 /)
  })

  test('the frames of a WebSocket wait in both directions, and keep their order', async () => {
    const exchange = await open('ws')
    lease.end()
    const letters = 'abcdefghijklmnopqrstuvwxyz'.split('')
    for (const letter of letters) {
      exchange.upstream.socket.write(letter.repeat(5000))
      exchange.caller.send(letter.repeat(5000))
    }
    await untilAsked(5)
    lease.renew()
    await exchange.caller.until(letters.map((letter) => letter.repeat(5000)).join(''))
    await eventually(() => expect(exchange.upstream.received()).toBe(130_000))
  })

  test('the end of a response waits with its last bytes', async () => {
    const exchange = await open('download')
    lease.end()
    exchange.upstream.response?.addTrailers({ 'x-sum': '1' })
    exchange.upstream.response?.end('last')
    await untilAsked(3)
    expect(exchange.caller.text).not.toContain('last')
    lease.renew()
    await exchange.caller.until(/last\r\n0\r\n[^]*\r\n\r\n$/)
  })

  test('a response that ends with its connection waits completely', async () => {
    const exchange = await open('upload')
    lease.end()
    const content = 'x'.repeat(300_000)
    const { socket } = exchange.upstream
    socket.end(`HTTP/1.1 200 OK\r\n\r\n${content}`)
    await untilAsked(3)
    expect(exchange.caller.text).toBe('')
    lease.renew()
    await exchange.caller.until(content.slice(0, 1000))
  })

  test('a response that fails is cut after the bytes before it', async () => {
    const exchange = await open('download')
    lease.end()
    exchange.upstream.response?.write('before')
    await untilAsked(1)
    exchange.upstream.socket.destroy()
    await untilAsked(4)
    lease.renew()
    const text = await exchange.caller.closed()
    expect(text).toMatch(/before\r\n$/)
  })

  test('no step starts', async () => {
    const twice = [callTo(`${upstream.url}/run`), callTo(`${upstream.url}/upload`)]
    shared.apply([pipelineOf('run', {}, twice)])
    const exchange = await open('run')
    lease.end()
    exchange.upstream.response?.end('{}')
    await untilAsked(3)
    shared.apply([{ ...key.record, deleted: true }])
    lease.renew()
    expect(await exchange.caller.closed()).toMatch(/^HTTP\/1.1 401 /)
    // The next request that arrives is not the second step's.
    shared.apply([key.record])
    expect((await open('events')).upstream.url).toBe('/events')
  })

  test('a call that its upstream did not answer is not repeated', async () => {
    const exchange = await open('run')
    lease.end()
    const repeated = upstream.next('/run').then((request) => ({ request, isLeaseOver }))
    exchange.upstream.socket.destroy()
    await untilAsked(5)
    lease.renew()
    const { request, isLeaseOver: wasOver } = await repeated
    expect(wasOver).toBe(false)
    request.response?.end('{"repeated": true}')
    await exchange.caller.until(/^HTTP\/1.1 200 [^]*repeated/)
  })

  test('an upgrade is refused', async () => {
    const caller = await RawConnection.open(shared.gateway.port)
    opened.push(caller)
    shared.apply([deployment({ paths: ['/slow'] }, proxyTo(`${upstream.url}/held-ws`), { pipeline: 'slow' })])
    caller.send(
      'GET /acme/prod/slow HTTP/1.1\r\nHost: api\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nX-Api-Key: ${key.token}\r\n\r\n`,
    )
    const request = await upstream.next('/held-ws')
    lease.end()
    request.socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    )
    await caller.until(/^HTTP\/1.1 503 [^]*snapshot_stale/)
  })

  test('for long, calls without a response are refused, and the others wait on', async () => {
    const calls = await Promise.all((['upload', 'run'] as const).map(async (kind) => await open(kind)))
    const streams = await Promise.all(
      (['ws', 'events', 'download'] as const).map(async (kind) => await open(kind)),
    )
    lease.end()
    for (const { upstream: far } of calls) far.response?.end('{}')
    const goOn = Promise.all(streams.map(async (stream) => await expectGoesOn(stream)))
    for (const { caller } of calls) await caller.until(/^HTTP\/1.1 503 [^]*snapshot_stale/)
    lease.renew()
    await goOn
  })

  describe.each([
    ['with a length', { 'content-length': '2' }, /^HTTP\/1.1 200 [^]*\r\n\r\n\{\}$/],
    ['in chunks', {}, /^HTTP\/1.1 200 [^]*\{\}\r\n0\r\n\r\n$/],
  ])('or ends during a response %s, the response', (_name, headers, whole) => {
    test.each([
      ['is refused', 1, /^HTTP\/1.1 503 [^]*snapshot_stale/],
      ['is sent completely', 2, whole],
    ])('%s (question %i)', async (_outcome, question, expected) => {
      // In a gateway of its own, because every exchange of a gateway asks, also one that just ended.
      let questionsLeft = Infinity
      await using own = await startWith(RECORDS, { isLeaseOver: () => (questionsLeft -= 1) <= 0 })
      const exchange = await open('upload', own)
      questionsLeft = question
      exchange.upstream.response?.writeHead(200, headers).end('{}')
      await exchange.caller.until(expected)
    })
  })

  test.each(['upload', 'run'] as const)('a timeout (%s) is 503 snapshot_stale', async (kind) => {
    shared.apply([pipelineOf(kind, { timeoutMs: 400 })])
    const exchange = await open(kind)
    lease.end()
    exchange.upstream.response?.end('{}')
    await exchange.caller.until(/^HTTP\/1.1 503 [^]*snapshot_stale/)
  })
})

describe('A gate', () => {
  const gate = { isOver: true, asked: 0 }
  const openGate = (): LeaseGate => {
    gate.isOver = true
    gate.asked = 0
    return new LeaseGate(() => {
      gate.asked += 1
      return gate.isOver
    })
  }
  const opening = async (closed: LeaseGate): Promise<void> =>
    await new Promise((resume) => {
      closed.whenOpen(resume, () => undefined)
    })
  /** Waits until another gate has asked three times, so that this one could have. */
  const untilOtherAsked = async (): Promise<void> => {
    let isOverFor = 3
    using other = new LeaseGate(() => (isOverFor -= 1) >= 0)
    await opening(other)
  }

  test('asks for the lease only while something waits', async () => {
    using closed = openGate()
    await untilOtherAsked()
    expect(gate.asked).toBe(0)
    const resumed = opening(closed)
    await eventually(() => expect(gate.asked).toBeGreaterThan(1))
    gate.isOver = false
    await resumed
    const askedBefore = gate.asked
    await untilOtherAsked()
    expect(gate.asked).toBe(askedBefore)
  })

  test('that is disposed of asks no more, and resumes nothing', async () => {
    const closed = openGate()
    let hasResumed = false
    closed.whenOpen(
      () => (hasResumed = true),
      () => undefined,
    )
    closed[Symbol.dispose]()
    gate.isOver = false
    await untilOtherAsked()
    expect([gate.asked, hasResumed]).toEqual([0, false])
  })
})

test.each(STREAMED)(
  'Bytes that arrive after the end of a key (%s) do not pass, although no timer has fired',
  async (kind) => {
    let timeMs = Date.now()
    const expiring = makeKey({ expiresAtMs: timeMs + 60_000 })
    await using started = await startWith([...ACME, expiring.record, pipelineOf(kind)], {
      nowMs: () => timeMs,
    })
    const headers = `X-Api-Key: ${expiring.token}\r\n`
    const exchange = await openExchange(kind, started.gateway.port, upstream, headers)
    opened.push(exchange.caller)
    timeMs += 59_999
    await expectGoesOn(exchange)
    timeMs += 1
    await expectIsCut(exchange)
  },
)

test('A key that ends while its last response is passed on never breaks the request after it', async () => {
  const server = createServer((_request, response) => response.end('{"complete":true}'))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const timeMs = Date.now()
  const expiring = makeKey({ expiresAtMs: timeMs + 1 })
  const pipeline = deployment({ paths: ['/sized'] }, proxyTo(`http://127.0.0.1:${port}/`), { id: 'sized' })
  let readings = 0
  let readingsMax = Infinity
  await using started = await startWith([...ACME, expiring.record, pipeline], {
    nowMs: () => (readings++ < readingsMax ? timeMs : timeMs + 1),
  })
  const call = `GET /acme/prod/sized HTTP/1.1\r\nHost: gateway\r\nX-Api-Key: ${expiring.token}\r\n\r\n`
  let completed = 0
  // The key ends at each reading of the clock in turn.
  for (readingsMax = 0; completed < 3; readingsMax += 1) {
    readings = 0
    await using connection = await RawConnection.open(started.gateway.port)
    connection.send(call)
    const first = await connection.until(/\}$/).catch(() => '')
    if (!first.includes('{"complete":true}')) continue
    if (readings <= readingsMax) completed += 1
    connection.send('GET /healthz HTTP/1.1\r\nHost: gateway\r\n\r\n')
    await connection.until(/true\}HTTP\/1\.1 200 OK/)
  }
  server.close()
  await once(server, 'close')
})
