import { createServer, type IncomingMessage } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { request as sendRequest } from 'undici'
import type { FinishedSpan } from '../telemetry/tracing/finished-span.ts'
import { RawConnection } from './testing/raw-connection.ts'
import { callTo, pipeline, respondWith, transform } from './testing/step-fixtures.ts'
import {
  ACME,
  proxyTo,
  startWith,
  type StartedGateway,
  type StartOptions,
} from './testing/started-gateway.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const SPAN = '00f067aa0ba902b7'
const PARENT = { traceparent: `00-${TRACE}-${SPAN}-01`, tracestate: 'a=1' }

const opened: AsyncDisposable[] = []
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one[Symbol.asyncDispose]()
})

interface World {
  readonly started: StartedGateway
  readonly spans: readonly FinishedSpan[]
  /** The trace headers that upstreams got, one list for each request: alternating names and values. */
  readonly received: string[][]
}

/** A gateway with one pipeline for each way to an upstream. */
async function open(options: StartOptions = {}): Promise<World> {
  const received: string[][] = []
  const traceHeaders = ({ rawHeaders }: IncomingMessage): string[] =>
    rawHeaders.filter((_, index) => /^trace/i.test(rawHeaders[index - (index % 2)] ?? ''))
  const upstream = createServer((request, response) => {
    received.push(traceHeaders(request))
    response.setHeader('content-type', 'application/json').end('{}')
  })
  upstream.on('upgrade', (request: IncomingMessage, socket) => {
    received.push(traceHeaders(request))
    socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
  })
  upstream.listen(0, '127.0.0.1')
  await once(upstream, 'listening')
  const url = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`
  const spans: FinishedSpan[] = []
  const started = await startWith(
    [
      ...ACME,
      pipeline('proxy', proxyTo(url)),
      pipeline('steps', [transform({ body: '1' }), proxyTo(url)]),
      pipeline('call', [callTo(url), callTo(url), respondWith()]),
    ],
    { spans, ...options },
  )
  opened.push(
    {
      async [Symbol.asyncDispose]() {
        upstream.closeAllConnections()
        upstream.close()
        await once(upstream, 'close')
      },
    },
    started,
  )
  return { started, spans, received }
}

async function send(
  { started }: World,
  path: string,
  headers: Record<string, string | string[]>,
): Promise<number> {
  const response = await sendRequest(`${started.url}${path}`, { headers })
  await response.body.dump()
  return response.statusCode
}

/** The one span, when it has ended. */
async function spanOf({ spans }: World): Promise<FinishedSpan> {
  await expect.poll(() => spans.length).toBe(1)
  return spans[0]!
}

describe('the span of a request is the parent of its upstream', () => {
  test.each([
    ['of a proxy step', 'proxy', 1],
    ['of a proxy step after others', 'steps', 1],
    ['of each call', 'call', 2],
  ])('%s', async (_name, name, requests) => {
    const world = await open()
    expect(await send(world, `/acme/prod/${name}`, PARENT)).toBe(200)
    const { trace } = await spanOf(world)
    expect(trace).toMatchObject({ traceId: TRACE, parentSpanId: SPAN })
    const headers = ['traceparent', `00-${TRACE}-${trace.spanId}-01`, 'tracestate', 'a=1']
    expect(world.received).toEqual(Array.from({ length: requests }, () => headers))
  })

  test('of a WebSocket', async () => {
    const world = await open()
    await using caller = await RawConnection.open(world.started.gateway.port)
    caller.send(
      `GET /acme/prod/proxy HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nTraceparent: ${PARENT.traceparent}\r\n\r\n`,
    )
    await caller.until('101 Switching Protocols')
    caller.socket.destroy()
    const { trace } = await spanOf(world)
    expect(world.received).toEqual([['traceparent', `00-${TRACE}-${trace.spanId}-01`]])
  })
})

describe('an upstream gets exactly one trace', () => {
  test.each([
    ['a malformed one', { traceparent: `00-${TRACE}-${SPAN}-1`, tracestate: 'a=1' }],
    ['two', { traceparent: [PARENT.traceparent, PARENT.traceparent] }],
    ['none', {}],
  ])('of its own, if the caller sends %s', async (_name, headers) => {
    const world = await open()
    expect(await send(world, '/acme/prod/proxy', headers)).toBe(200)
    const { trace } = await spanOf(world)
    expect(trace.parentSpanId).toBeNull()
    expect(trace.traceId).not.toBe(TRACE)
    expect(world.received).toEqual([['traceparent', `00-${trace.traceId}-${trace.spanId}-03`]])
  })

  test('whose list loses its malformed members, and its own header name is lower case', async () => {
    const world = await open()
    await send(world, '/acme/prod/proxy', { TraceParent: PARENT.traceparent, TraceState: 'A=1' })
    const { trace } = await spanOf(world)
    expect(world.received).toEqual([['traceparent', `00-${TRACE}-${trace.spanId}-01`]])
  })

  test('without an export, too', async () => {
    const world = await open({ spans: undefined })
    expect(await send(world, '/acme/prod/proxy', PARENT)).toBe(200)
    expect(world.received).toEqual([
      [
        'traceparent',
        expect.stringMatching(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`)),
        'tracestate',
        'a=1',
      ],
    ])
    expect(world.received[0]?.[1]).not.toContain(SPAN)
  })
})

describe('the sampled flag', () => {
  test.each([
    ['of a trusted proxy is followed', ['127.0.0.1/32'], '01', 1],
    ['of another caller does not make a span be exported', [], '00', 0],
  ])('%s', async (_name, trustedProxies, flags, exported) => {
    const world = await open({ samplingRatio: 0, config: { trustedProxies } })
    expect(await send(world, '/acme/prod/proxy', PARENT)).toBe(200)
    expect(world.received[0]?.[1]).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-${flags}$`))
    await expect.poll(() => world.started.gateway.recent.find('acme', { limit: 1 }).found).toHaveLength(1)
    expect(world.spans).toHaveLength(exported)
  })
})

test('each run of a schedule begins a trace', async () => {
  const world = await open()
  const upstream = `http://127.0.0.1:${world.started.gateway.port}/acme/prod/proxy`
  const schedule = { kind: 'schedule', paths: [], methods: [], schedule: '* * * * *' } as const
  const nightly = pipeline('nightly', callTo(upstream), schedule)
  world.started.apply([nightly])
  const view = world.started.environment('acme', 'prod')
  expect(await world.started.gateway.runScheduled(view, nightly, 0, new AbortController().signal)).toEqual({
    outcome: 'succeeded',
  })
  await expect.poll(() => world.spans.length).toBe(2)
  const run = world.spans.find(({ kind }) => kind === 'internal')
  const request = world.spans.find(({ kind }) => kind === 'server')
  expect(run).toMatchObject({
    name: 'scheduled run',
    errorType: null,
    trace: { parentSpanId: null },
    attributes: { 'sallyport.outcome': 'succeeded', 'sallyport.pipeline': 'nightly' },
  })
  expect(request?.trace).toMatchObject({ traceId: run?.trace.traceId, parentSpanId: run?.trace.spanId })
})

test('health and metrics have no span and no duration', async () => {
  const world = await open()
  for (const path of ['/healthz', '/readyz', '/metrics']) expect(await send(world, path, PARENT)).toBe(200)
  expect(await send(world, '/acme/prod/nothing', PARENT)).toBe(404)
  const span = await spanOf(world)
  expect(span.attributes).toMatchObject({ 'sallyport.outcome': 'route_not_found' })
  expect(await world.started.registry.metrics()).not.toMatch(/_count\{.*healthz/)
})
