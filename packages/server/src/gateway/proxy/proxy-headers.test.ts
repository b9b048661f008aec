import type { IncomingMessage } from 'node:http'
import type { RateBudget } from '@sallyport/core'
import { afterAll, describe, expect, test } from 'vitest'
import { startUpstream } from '../../../../../test/support/upstream.ts'
import { AddressSet } from '../../address/address-set.ts'
import { compileDeployment } from '../deployment/compiled-deployment.ts'
import { droppedHeaders } from '../headers/dropped-headers.ts'
import { TrustedProxies } from '../request/client-address.ts'
import { RawConnection } from '../testing/raw-connection.ts'
import { deployment } from '../testing/started-gateway.ts'
import { callerHeaders, callerTrailers, headerStrings, shapeOf, upstreamHeaders } from './proxy-headers.ts'

let handle: (request: IncomingMessage) => void
const server = await startUpstream((request, response) => {
  handle(request)
  response.end()
})
afterAll(() => server[Symbol.asyncDispose]())

/** Sends a request line and header lines to a real server, and returns what `read` makes of the request there. */
async function receive<T>(lines: readonly string[], read: (request: IncomingMessage) => T): Promise<T> {
  const { promise, resolve } = Promise.withResolvers<T>()
  handle = (request) => resolve(new Promise((settle) => settle(read(request))))
  await using connection = await RawConnection.open(server.port)
  connection.send(`${lines.join('\r\n')}\r\n\r\n`)
  return await promise
}

const DEPLOYMENT = compileDeployment(deployment())
const IDENTITY = {
  organization: 'acme',
  consumer: 'mobile-app',
  consumerId: 'con_1',
  keyId: null,
  secretSequence: null,
  basicCredential: null,
  claims: null,
  labels: {},
}
const IDENTITY_HEADERS = [
  ['x-sallyport-organization', 'acme'],
  ['x-sallyport-environment', 'prod'],
  ['x-sallyport-pipeline', 'orders'],
  ['x-sallyport-consumer', 'mobile-app'],
  ['x-sallyport-key', '-'],
  ['x-sallyport-claims', '-'],
  ['x-sallyport-labels', '-'],
]

function pairs(headers: readonly string[]): string[][] {
  const all: string[][] = []
  for (let index = 0; index < headers.length; index += 2) all.push(headers.slice(index, index + 2))
  return all
}

describe('The headers for an upstream', () => {
  /** The headers for a request with these lines after its request line, from a trusted proxy or not. */
  async function forwarded(
    lines: readonly string[],
    { trusted = [] as string[], requestLine = 'GET / HTTP/1.1', stepHeaders = [] as string[] } = {},
  ): Promise<string[][]> {
    const proxies = new TrustedProxies(new AddressSet(trusted))
    const step = { dropped: droppedHeaders(['x-step']), renames: null }
    const headers = await receive([requestLine, ...lines], (request) =>
      upstreamHeaders(
        { request, requestId: 'req_1', deployment: DEPLOYMENT, identity: IDENTITY },
        step,
        stepHeaders,
        proxies,
      ),
    )
    return pairs(headers)
  }
  const TRUSTED = { trusted: ['127.0.0.1'] }

  /** The values of one header. */
  const valuesOf = (headers: string[][], name: string): unknown[] =>
    headers.filter((header) => header[0]?.toLowerCase() === name).map((header) => header[1])

  test("are the caller's, the step's, the client's address and the caller's identity, in this order", async () => {
    const lines = [
      'Host: api.example',
      'X-Twice: 1',
      'Cookie: a=b',
      'x-twice: 2',
      'X-Step: theirs',
      'X-Empty:',
    ]
    expect(await forwarded(lines, { stepHeaders: ['X-Step', 'ours'] })).toEqual([
      ['X-Twice', '1'],
      ['Cookie', 'a=b'],
      ['x-twice', '2'],
      ['X-Empty', ''],
      ['X-Step', 'ours'],
      ['x-forwarded-for', '127.0.0.1'],
      ['x-forwarded-proto', 'http'],
      ['x-forwarded-host', 'api.example'],
      ['via', '1.1 sallyport'],
      ['x-request-id', 'req_1'],
      ...IDENTITY_HEADERS,
    ])
  })

  test.each([
    'Authorization: Bearer evil',
    'X_Api_Key: evil',
    'X-Sallyport-Consumer: evil',
    'X_SALLYPORT_Consumer: evil',
    'X-Sallyport.Labels: evil',
    "x'sallyport!labels: evil",
    'X.Api.Key: evil',
    'X-Sallyport-Anything: evil',
    'Forwarded: for=evil',
    'X-Real_IP: evil',
    'X-Forwarded-Host: evil',
  ])('lack "%s"', async (line) => {
    expect(JSON.stringify(await forwarded(['Host: api', line]))).not.toContain('evil')
  })

  test('lack the headers that Connection names, and keep others with similar names', async () => {
    const lines = ['Host: api', 'Connection: close, X-Hop', 'x-hop: 1', 'X_Hop: 2', 'X-Hops: 3']
    const headers = await forwarded(lines)
    expect(['x-hop', 'x_hop', 'x-hops'].map((name) => valuesOf(headers, name))).toEqual([[], ['2'], ['3']])
  })

  test.each([
    ['Content-Length: 5', ['5'], []],
    ['Content-Length: 0', [], []],
    ['Transfer-Encoding: chunked', [], []],
  ])('after "%s" have the length %j of the body', async (line, length, encoding) => {
    const headers = await forwarded(['Host: api', line], { requestLine: 'POST / HTTP/1.1' })
    expect(valuesOf(headers, 'content-length')).toEqual(length)
    expect(valuesOf(headers, 'transfer-encoding')).toEqual(encoding)
  })

  test('name the protocol version of the caller, and no host without one', async () => {
    const headers = await forwarded([], { requestLine: 'GET / HTTP/1.0' })
    expect(valuesOf(headers, 'via')).toEqual(['1.0 sallyport'])
    expect(valuesOf(headers, 'x-forwarded-host')).toEqual([])
  })

  test('continue the list of proxies that the request passed', async () => {
    expect(valuesOf(await forwarded(['Host: api', 'Via: 1.0 fred', 'Via: 1.1 p']), 'via')).toEqual([
      '1.0 fred, 1.1 p, 1.1 sallyport',
    ])
    expect(valuesOf(await forwarded(['Host: api', 'Via:']), 'via')).toEqual(['1.1 sallyport'])
  })

  const DESCRIPTION = [
    'X-Forwarded-For: 203.0.113.9, 198.51.100.9',
    'X-Forwarded-Proto: https',
    'X-Forwarded-Host: public.example',
    'X-Forwarded-Port: 443',
  ]

  test("have a trusted proxy's description of the client", async () => {
    const headers = await forwarded(['Host: api', ...DESCRIPTION], TRUSTED)
    expect(headers).toEqual([
      ['X-Forwarded-Port', '443'],
      ['x-forwarded-for', '203.0.113.9, 198.51.100.9, 127.0.0.1'],
      ['x-forwarded-proto', 'https'],
      ['x-forwarded-host', 'public.example'],
      ['via', '1.1 sallyport'],
      ['x-request-id', 'req_1'],
      ...IDENTITY_HEADERS,
    ])
  })

  test.each([
    ['another address', { trusted: ['127.0.0.2'] }, DESCRIPTION],
    ['a trusted proxy that leaves it out', TRUSTED, []],
    [
      'a trusted proxy that leaves it empty',
      TRUSTED,
      ['X-Forwarded-For:', 'X-Forwarded-Proto:', 'X-Forwarded-Host:'],
    ],
  ])('describe the connection itself if it comes from %s', async (_, options, lines) => {
    const headers = await forwarded(['Host: api', ...lines], options)
    expect(headers.filter(([name = '']) => name.toLowerCase().startsWith('x-forwarded-'))).toEqual([
      ['x-forwarded-for', '127.0.0.1'],
      ['x-forwarded-proto', 'http'],
      ['x-forwarded-host', 'api'],
    ])
  })
})

test("An upstream's raw headers are strings with one character per byte", () => {
  expect(headerStrings([Buffer.from('X-Name'), Buffer.from([0xe9, 0x41]), 'plain', 'text'])).toEqual([
    'X-Name',
    '\u00e9A',
    'plain',
    'text',
  ])
  expect(headerStrings(null)).toEqual([])
})

describe("The shape of an upstream's response", () => {
  test.each([
    ['nothing', [], {}],
    [
      'other headers of the same lengths',
      ['Set-Cookie', '1', 'X-Powered-By', 'text/event-stream', 'x-content-size', '2'],
      {},
    ],
    ['its length', ['CONTENT-LENGTH', '42'], { bytes: 42 }],
    ['an empty body', ['content-length', '0'], { bytes: 0 }],
    ['its connection', ['Connection', 'close'], { connection: 'close' }],
    [
      'two lines of Connection',
      ['connection', 'close', 'CONNECTION', 'x-hop'],
      { connection: 'close,x-hop' },
    ],
    ['an event stream', ['Content-Type', 'Text/Event-Stream; charset=utf-8'], { isEventStream: true }],
    ['another type', ['content-type', 'application/json; not=text/event-stream'], {}],
  ])('is read from %s', (_, raw, shape) => {
    expect(shapeOf(raw)).toEqual({
      connection: undefined,
      bytes: -1,
      isEventStream: false,
      coding: undefined,
      ...shape,
    })
  })
})

describe('The headers for the caller', () => {
  const CORS = { origins: ['https://app.example'], headers: [], credentials: false }
  const PLAIN = compileDeployment(deployment({ responseHeaders: { 'X-Team': 'ours' } }))

  const NO_BUDGETS: readonly RateBudget[] = []

  /** The headers of a response with these raw headers. */
  async function answered(
    raw: readonly string[],
    { status = 200, requestLine = 'GET / HTTP/1.1', from = PLAIN, budgets = NO_BUDGETS } = {},
  ): Promise<string[][]> {
    const headers = await receive([requestLine, 'Host: api', 'Origin: https://app.example'], (request) =>
      callerHeaders(raw, shapeOf(raw), status, {
        request,
        requestId: 'req_1',
        deployment: from,
        budgets,
      }),
    )
    return pairs(headers)
  }

  test("have the upstream's rate limits unless the gateway states its own", async () => {
    const raw = ['RateLimit', 'not a list', 'ratelimit-policy', '"a";q=1', 'X-RateLimit-Limit', '5']
    const limit = { requests: 60, per: 'minute', by: 'consumer' } as const
    const budgets = [{ of: 'pipeline', limit, remaining: 5, resetAfterMs: 1000 } as const]
    const limits = async (of: readonly RateBudget[]): Promise<string[][]> =>
      (await answered(raw, { budgets: of })).filter(([name]) => name?.toLowerCase().includes('ratelimit'))
    expect(await limits([])).toEqual([
      ['RateLimit', 'not a list'],
      ['ratelimit-policy', '"a";q=1'],
      ['X-RateLimit-Limit', '5'],
    ])
    expect(await limits(budgets)).toEqual([
      ['X-RateLimit-Limit', '5'],
      ['ratelimit-policy', '"consumer-minute";q=60;w=60'],
      ['ratelimit', '"consumer-minute";r=5;t=1'],
    ])
    const alone = budgets.map((budget) => ({ ...budget, isCountedAlone: true as const }))
    expect((await limits([...alone, ...budgets])).at(-1)).toEqual([
      'ratelimit',
      '"consumer-minute";r=5;t=1;sallyport-alone, "consumer-minute";r=5;t=1',
    ])
  })

  test("are the upstream's, with the pipeline's own in place of those with the same names", async () => {
    const raw = ['Set-Cookie', 'a=1', 'x-team', 'theirs', 'X-Request-Id', 'theirs', 'set-cookie', 'b=2']
    expect(await answered([...raw, 'Keep-Alive', 'timeout=5', 'Access-Control-Max-Age', '9'])).toEqual([
      ['x-request-id', 'req_1'],
      ['Set-Cookie', 'a=1'],
      ['set-cookie', 'b=2'],
      ['Access-Control-Max-Age', '9'],
      ['X-Team', 'ours'],
    ])
  })

  test.each(['X-Sallyport-Code', 'x-sallyport-key', 'X-SALLYPORT-Consumer'])(
    'lack %s, which only the gateway sends',
    async (name) => {
      expect(await answered([name, 'theirs', 'X-Sallyports', 'kept'])).toEqual([
        ['x-request-id', 'req_1'],
        ['X-Sallyports', 'kept'],
        ['X-Team', 'ours'],
      ])
    },
  )

  test('lack the headers that Connection names, but never the length', async () => {
    const raw = ['Connection', 'X-Hop, content-length', 'x-hop', '1', 'X-Hops', '2', 'Content-Length', '3']
    expect(await answered(raw)).toEqual([
      ['x-request-id', 'req_1'],
      ['X-Hops', '2'],
      ['Content-Length', '3'],
      ['X-Team', 'ours'],
    ])
  })

  test("have the pipeline's cross-origin rules instead of the upstream's", async () => {
    const raw = ['Access-Control-Allow-Origin', '*', 'X-Access-Control-', 'kept']
    const from = compileDeployment(deployment({ cors: CORS }))
    const headers = await answered(raw, { from })
    expect(headers).toContainEqual(['X-Access-Control-', 'kept'])
    expect(headers.filter(([name]) => name?.toLowerCase() === 'access-control-allow-origin')).toEqual([
      ['access-control-allow-origin', 'https://app.example'],
    ])
  })

  test('lack a length exactly if the status is 204', async () => {
    const raw = ['content-length', '0']
    expect(await answered([...raw, 'ETag', '"a"'], { status: 204 })).toEqual([
      ['x-request-id', 'req_1'],
      ['ETag', '"a"'],
      ['X-Team', 'ours'],
    ])
    expect(await answered(raw, { status: 205 })).toContainEqual(raw)
    expect(await answered(raw, { status: 304 })).toContainEqual(raw)
  })

  test.each([
    ['a chunked body', {}, [], true],
    ['a body of known length', {}, ['Content-Length', '0'], false],
    ['status 204', { status: 204 }, [], false],
    ['status 304', { status: 304 }, [], false],
    ['a request with HEAD', { requestLine: 'HEAD / HTTP/1.1' }, [], false],
    ['a caller with HTTP/1.0', { requestLine: 'GET / HTTP/1.0' }, [], false],
  ])('with %s announce trailers only if they can follow', async (_, options, raw, isAnnounced) => {
    const headers = await answered([...raw, 'Trailer', 'X-Sum'], options)
    expect(headers.some(([name]) => name === 'Trailer')).toBe(isAnnounced)
  })
})

describe('The trailers for the caller', () => {
  test('keep their order, names and values', () => {
    const trailers = ['X-Sum', '7', 'ETag', '"a"', 'x-sum', '8']
    expect(callerTrailers(trailers, { deployment: DEPLOYMENT })).toEqual(trailers)
  })

  // RFC 9110 section 6.5.1: framing, routing, authentication, response control data, and how to read the content.
  test.each([
    'Transfer-Encoding',
    'Content-Length',
    'Trailer',
    'Set-Cookie',
    'WWW-Authenticate',
    'Location',
    'Content-Type',
    'Content-Encoding',
    'Content-Range',
    'Cache-Control',
    'Vary',
    'X-Sallyport-Key',
  ])('lack %s', (name) => {
    expect(callerTrailers([name, '1', 'X-Sum', '7'], { deployment: DEPLOYMENT })).toEqual(['X-Sum', '7'])
  })
})
