import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { connect, createServer } from 'node:net'
import { text as textOf } from 'node:stream/consumers'
import { afterAll, describe, expect, test } from 'vitest'
import { sendBrokenBody } from '../../../../test/support/broken-body.ts'
import { RawConnection } from './testing/raw-connection.ts'
import { ACME, deployment, makeKey, OPEN, proxyTo, startWith } from './testing/started-gateway.ts'
import { startEchoUpstream, startUpstream } from '../../../../test/support/upstream.ts'

const key = makeKey()
const upstream = await startEchoUpstream()
const records = [
  ...ACME,
  key.record,
  deployment(),
  deployment({ paths: ['/free'], authentication: OPEN }, proxyTo(upstream.url), { pipeline: 'free' }),
]
const started = await startWith(records)
afterAll(async () => {
  await started.gateway.close(0)
  await upstream[Symbol.asyncDispose]()
})
const { port } = started.gateway

const MIB = 1024 * 1024
const POST = 'POST /acme/prod/free HTTP/1.1\r\nHost: api\r\n'

describe('An invalid request gets a problem response and a closed connection', () => {
  test.each([
    ['nonsense', 'nonsense\r\n\r\n', 400],
    ['a TLS hello', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
    ['no host', 'GET /acme/prod/free HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
    ['two hosts', 'GET /acme/prod/free HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n', 400],
    ['no version', 'GET /acme/prod/free\r\nHost: a\r\nConnection: close\r\n\r\n', 400],
    ['a line feed in the target', 'GET /acme/prod/free\nX: 1 HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['headers too large', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(17 * 1024)}\r\n\r\n`, 431],
    [
      'a header containing a bare line feed',
      'GET / HTTP/1.1\r\nHost: a\r\nX: a\nY: b\r\nConnection: close\r\n\r\n',
      400,
    ],
    ['a header name with a space', 'GET / HTTP/1.1\r\nHost: a\r\nContent-Length : 1\r\n\r\nx', 400],
    ['a folded header', 'GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n', 400],
    ['two lengths', `${POST}Content-Length: 1\r\nContent-Length: 2\r\n\r\nxy`, 400],
    ['a length list', `${POST}Content-Length: 1, 1\r\n\r\nx`, 400],
    ['a negative length', `${POST}Content-Length: -1\r\n\r\n`, 400],
    ['a length with a sign', `${POST}Content-Length: +1\r\n\r\nx`, 400],
    [
      'a length and chunked encoding',
      `${POST}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      400,
    ],
    ['chunked as a coding before the last', `${POST}Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n`, 400],
    [
      'another coding before chunked',
      `${POST}Transfer-Encoding: gzip, chunked\r\nConnection: close\r\n\r\n0\r\n\r\n`,
      501,
    ],
    ['an unknown coding that contains "chunked"', `${POST}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`, 400],
    [
      'a coding sent twice',
      `${POST}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n`,
      400,
    ],
    ['an invalid chunk size', `${POST}Transfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n\r\n`, 400],
    ['CONNECT', 'CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n', 501],
    ['OPTIONS *', 'OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', 400],
    ['another host in the target', 'GET http://evil/x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', 400],
    ['a target with a non-ASCII letter', 'GET /\xe9 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', 400],
    ['HTTP/2 without upgrade', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
  ])('%s', async (_, bytes, status) => {
    const text = await RawConnection.exchange(port, bytes)
    expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(text).toContain('application/problem+json')
    expect(text).toMatch(/x-request-id: /i)
    expect(text.match(/HTTP\/1.1 /g)).toHaveLength(1)
  })
})

describe('A refused request with an unread body', () => {
  const refused = 'POST /acme/prod/orders HTTP/1.1\r\nHost: api\r\n'
  const free = 'GET /acme/prod/free HTTP/1.1\r\nHost: api\r\nConnection: close\r\n\r\n'

  test('that is small keeps the connection usable', async () => {
    // The body looks like a request and must not be parsed as one.
    const body = 'GET /acme/prod/free HTTP/1.1\r\nHost: smuggled\r\n\r\n'
    const text = await RawConnection.exchange(
      port,
      `${refused}Content-Length: ${body.length}\r\n\r\n${body}${free}`,
    )
    expect(text.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 401', 'HTTP/1.1 200'])
    expect(text).not.toContain('smuggled')
  })

  test('that arrives late keeps the connection usable too', async () => {
    await using caller = await RawConnection.open(port)
    caller.send(`${refused}Content-Length: 10\r\n\r\n01234`)
    await caller.until('credential_missing')
    caller.send(`56789${free}`)
    expect(await caller.closed()).toMatch(/HTTP\/1.1 401 [^]*HTTP\/1.1 200 /)
  })

  test.each([
    ['large', `Content-Length: ${MIB * 10}\r\n\r\n`, ''],
    ['of unknown length', 'Transfer-Encoding: chunked\r\n\r\na00000\r\n', '\r\n0\r\n\r\n'],
  ])('that is %s closes the connection after the caller has the response', async (_, framing, end) => {
    await using caller = await RawConnection.open(port)
    caller.send(refused + framing)
    const text = await caller.until('}')
    expect(text).toMatch(/^HTTP\/1.1 401 /)
    expect(text).toMatch(/connection: close/i)
    for (let count = 0; count < 10; count += 1) caller.send('x'.repeat(MIB))
    caller.send(end)
    expect((await caller.closed()).match(/HTTP\/1.1 /g)).toHaveLength(1)
  })

  test('has one response, which arrives, if the body becomes invalid', async () => {
    const text = await sendBrokenBody(port, refused, 'after the response')
    expect(text.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 401'])
    expect(text).toMatch(/\}$/)
  })

  test('is the last request on its connection, if the response says so', async () => {
    const received: (string | undefined)[] = []
    await using counting = await startUpstream((request, response) => {
      received.push(request.url)
      response.end()
    })
    await using other = await startWith([
      ...ACME,
      deployment({ authentication: OPEN, requestBytesMax: 1000 }, proxyTo(counting.url)),
    ])
    const ask = (query: string): string => `GET /acme/prod/orders?${query} HTTP/1.1\r\nHost: api\r\n\r\n`
    const body = 'x'.repeat(100_000)
    const large = 'POST /acme/prod/orders HTTP/1.1\r\nHost: api\r\nContent-Length: 100000\r\n\r\n'
    for (const [head, status] of [
      [large, 413],
      [large.replace('orders', 'nothing'), 404],
    ] as const) {
      received.length = 0
      // An idle connection to the upstream, on which a request leaves at once.
      await RawConnection.exchange(
        other.gateway.port,
        ask('warm').replace('Host', 'Connection: close\r\nHost'),
      )
      await using caller = await RawConnection.open(other.gateway.port)
      caller.send(head + body.slice(1))
      await caller.until('}')
      caller.send(body.slice(0, 1) + ask('behind'))
      expect((await caller.closed()).match(/HTTP\/1.1 \d+/g)).toEqual([`HTTP/1.1 ${status}`])
      await RawConnection.exchange(
        other.gateway.port,
        ask('last').replace('Host', 'Connection: close\r\nHost'),
      )
      expect(received).toEqual(['/?warm', '/?last'])
    }
  })

  test('is read for a caller that reads the response last', async () => {
    for (let round = 0; round < 10; round += 1) {
      const socket = connect(port, '127.0.0.1')
      socket.write(`${refused}Content-Length: ${4 * MIB}\r\n\r\n`)
      await new Promise((resolve) => socket.write(Buffer.alloc(4 * MIB), resolve))
      expect(await textOf(socket)).toMatch(/^HTTP\/1.1 401 /)
    }
  })

  test('that never ends closes the connection', async () => {
    await using caller = await RawConnection.open(port)
    caller.send(`${refused}Content-Length: ${1000 * MIB}\r\n\r\n`)
    const ended = caller.closed()
    for (let count = 0; count < 40; count += 1) caller.send('x'.repeat(MIB))
    expect(await ended).toMatch(/^HTTP\/1.1 401 /)
  })

  test('at the authorization endpoint keeps the connection usable', async () => {
    const ask = `POST /authz/acme/prod/orders HTTP/1.1\r\nHost: api\r\nX-Api-Key: ${key.token}\r\nContent-Length: 5\r\n\r\nhello`
    const text = await RawConnection.exchange(port, ask + free)
    expect(text.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200'])
  })
})

test('Pipelined requests are answered in order', async () => {
  const one = (id: number): string => `GET /acme/prod/free?${id} HTTP/1.1\r\nHost: api\r\n\r\n`
  const last = 'GET /acme/prod/nothing HTTP/1.1\r\nHost: api\r\nConnection: close\r\n\r\n'
  const text = await RawConnection.exchange(port, one(1) + one(2) + one(3) + last)
  expect(text.match(/"url":"[^"]+"/g)).toEqual(['"url":"/?1"', '"url":"/?2"', '"url":"/?3"'])
  expect(text.match(/HTTP\/1.1 \d+/g)?.at(-1)).toBe('HTTP/1.1 404')
})

test('Bytes that are not a request are refused after the response to the request before them', async () => {
  const answered = Promise.withResolvers<ServerResponse>()
  await using slow = await startUpstream((_request, response) => answered.resolve(response))
  await using other = await startWith([...ACME, deployment({ authentication: OPEN }, proxyTo(slow.url))])
  await using caller = await RawConnection.open(other.gateway.port)
  caller.send('POST /acme/prod/orders HTTP/1.1\r\nHost: api\r\n\r\n{"no": "length"}')
  const answer = await answered.promise
  answer.end('ordered')
  const [first = '', second = ''] = (await caller.closed()).split(/(?=HTTP\/1\.1 \d{3} )/)
  expect(first).toMatch(/^HTTP\/1\.1 200 [^]*ordered/)
  expect(second).toMatch(/^HTTP\/1\.1 400 [^]*"code":"invalid_request"/)
})

test.each([
  [
    'a handshake',
    'GET /acme/prod/free HTTP/1.1\r\nHost: api\r\nUpgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    200,
  ],
  ['CONNECT', 'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n', 501],
])('%s behind a pending request is answered after it', async (_name, behind, status) => {
  const missing = 'GET /nothing HTTP/1.1\r\nHost: api\r\n\r\n'
  await using caller = await RawConnection.open(port)
  caller.send(missing + behind)
  await caller.until(new RegExp(`^HTTP/1\\.1 404 [^]*HTTP/1\\.1 ${status} `))
  expect(await RawConnection.exchange(port, missing.replace('Host', 'Connection: close\r\nHost'))).toMatch(
    / 404 /,
  )
})

test.each([
  ['CONNECT', 'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n', 501],
  ['nonsense', 'nonsense\r\n\r\n', 400],
])(
  'the connection of a refused %s ends, although the client keeps its side open',
  async (_name, bytes, status) => {
    await using caller = await RawConnection.open(port)
    caller.send(bytes)
    expect(await caller.closed()).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    await caller.refusesBytes()
  },
)

test('CONNECT behind a response that is being streamed does not stall it', async () => {
  const body = 'x'.repeat(8 * 1024 * 1024)
  await using streaming = await startUpstream((_request, response) => response.end(body))
  const trigger = { paths: ['/large'], authentication: OPEN }
  await using large = await startWith([...ACME, deployment(trigger, proxyTo(streaming.url))])
  await using caller = await RawConnection.open(large.gateway.port)
  caller.socket.pause()
  caller.send('GET /acme/prod/large HTTP/1.1\r\nHost: a\r\n\r\nCONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n')
  caller.socket.resume()
  const text = await caller.closed()
  expect(text.length).toBeGreaterThan(body.length)
  expect(text).toMatch(/ 501 /)
})

test('HTTP/1.0 is supported, and an incomplete response without a length is reset', async () => {
  await using breaking = await startUpstream((_request, response) => {
    response.write('part')
    setTimeout(() => response.destroy(), 50)
  })
  await using other = await startWith([...ACME, deployment({ authentication: OPEN }, proxyTo(breaking.url))])
  await using caller = await RawConnection.open(other.gateway.port)
  let isReset = false
  caller.socket.on('error', () => (isReset = true))
  caller.send('GET /acme/prod/orders HTTP/1.0\r\nHost: api\r\n\r\n')
  expect(await caller.closed()).toMatch(/^HTTP\/1.1 200 [^]*part$/)
  await expect.poll(() => isReset).toBe(true)
})

describe('A close', () => {
  test('finishes requests in progress, closes idle connections, and accepts no new ones', async () => {
    const arrived = Promise.withResolvers<ServerResponse>()
    await using slow = await startUpstream((_request, response) => arrived.resolve(response))
    await using closing = await startWith([...ACME, deployment({ authentication: OPEN }, proxyTo(slow.url))])
    await using idle = await RawConnection.open(closing.gateway.port)
    idle.send('GET /healthz HTTP/1.1\r\nHost: api\r\n\r\n')
    await idle.until('alive')
    const running = fetch(`${closing.url}/acme/prod/orders`)
    const answer = await arrived.promise
    const closed = closing.gateway.close()
    await idle.closed()
    await expect(RawConnection.open(closing.gateway.port)).rejects.toThrow('ECONNREFUSED')
    answer.end('done')
    expect(await (await running).text()).toBe('done')
    await closed
  })

  test('cuts requests that do not finish in time', async () => {
    let isThere = false
    await using stuck = await startUpstream(() => {
      isThere = true
    })
    await using closing = await startWith([...ACME, deployment({ authentication: OPEN }, proxyTo(stuck.url))])
    const running = fetch(`${closing.url}/acme/prod/orders`).catch(() => 'cut')
    await expect.poll(() => isThere).toBe(true)
    await closing.gateway.close(50)
    expect(await running).toBe('cut')
  })
})

test('A fault before the request is looked at has an answer, and the next request too', async () => {
  let faults = 1
  const nowMs = (): number => {
    if (faults-- > 0) throw new Error('no clock')
    return Date.now()
  }
  const request = 'GET /acme/prod/orders HTTP/1.1\r\nHost: api\r\n'
  await using own = await startWith([...ACME, deployment({ authentication: OPEN })], { nowMs })
  faults = 1
  const text = await RawConnection.exchange(
    own.gateway.port,
    `${request}\r\n${request}Connection: close\r\n\r\n`,
  )
  expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 500', 'HTTP/1.1 200'])
  expect(own.log.join('')).toContain('no clock')
})

test('A port in use is reported', async () => {
  const taken = createServer()
  taken.listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const address = taken.address()
  const takenPort = typeof address === 'object' && address !== null ? address.port : 0
  await expect(startWith(records, { config: { port: takenPort } })).rejects.toThrow('EADDRINUSE')
  taken.close()
})
