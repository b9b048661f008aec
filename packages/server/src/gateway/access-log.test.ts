import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import type { AccessLog } from '../config/config.ts'
import { RawConnection } from './testing/raw-connection.ts'
import {
  ACME,
  deployment,
  makeKey,
  OPEN,
  proxyTo,
  startWith,
  type StartedGateway,
} from './testing/started-gateway.ts'

const key = makeKey({ consumer: 'con_mobile', roles: [] })
const expired = makeKey({ expiresAtMs: 1 })
const partner = makeKey({ organization: 'partner', consumer: 'con_partner', roles: [] })
const CONSUMER = {
  kind: 'consumer',
  organization: 'acme',
  id: 'con_mobile',
  name: 'mobile-app',
  environment: 'prod',
  active: true,
  pipelines: ['orders', 'upstream', 'query', 'limited', 'small', 'stream'],
} as const

const opened: AsyncDisposable[] = []
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one[Symbol.asyncDispose]()
})

async function upstreamWith(listener: RequestListener, onUpgrade: (socket: Socket) => void): Promise<string> {
  const server = createServer(listener)
  server.on('upgrade', (_request, socket) => onUpgrade(socket as Socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  opened.push({
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const ANSWERS: RequestListener = (request, response) => {
  request.resume().on('end', () => response.end('done'))
}

async function gateway(
  accessLog: AccessLog = 'all',
  listener: RequestListener = ANSWERS,
  onUpgrade: (socket: Socket) => void = (socket) => socket.destroy(),
): Promise<StartedGateway> {
  const upstream = await upstreamWith(listener, onUpgrade)
  const started = await startWith(
    [
      ...ACME,
      key.record,
      expired.record,
      CONSUMER,
      { kind: 'organization', slug: 'partner' },
      { ...CONSUMER, organization: 'partner', id: 'con_partner' },
      partner.record,
      {
        kind: 'external-key',
        organization: 'acme',
        id: 'ext_1',
        keyId: partner.record.id,
        roles: ['invoker'],
        active: true,
        addressRules: [],
        rateLimits: [],
      },
      deployment(),
      deployment({ paths: ['/open'], authentication: OPEN }, undefined, { pipeline: 'open' }),
      deployment({ paths: ['/up/:id'] }, proxyTo(upstream), { pipeline: 'upstream' }),
      deployment({ paths: ['/small'], requestBytesMax: 4 }, proxyTo(upstream), { pipeline: 'small' }),
      deployment({ paths: ['/gone'], authentication: OPEN }, proxyTo('http://127.0.0.1:1'), {
        pipeline: 'gone',
      }),
      deployment({ paths: ['/query'], apiKeyInQuery: true }, undefined, { pipeline: 'query' }),
      deployment(
        { paths: ['/limited'], rateLimits: [{ requests: 1, per: 'hour', by: 'consumer' }] },
        undefined,
        { pipeline: 'limited' },
      ),
      deployment(
        { paths: ['/call'], authentication: OPEN },
        { kind: 'call', url: upstream, method: 'GET', headers: {}, body: null, timeoutMs: null },
        { pipeline: 'call' },
      ),
    ],
    { config: { accessLog } },
  )
  opened.push(started)
  return started
}

type Line = Readonly<Record<string, unknown>>

function linesOf({ log }: StartedGateway): Line[] {
  return log.map((line) => JSON.parse(line) as Line).filter(({ msg }) => msg === 'request')
}

/** The lines of the access log, once there are so many. */
async function lines(started: StartedGateway, count: number): Promise<Line[]> {
  await expect.poll(() => linesOf(started).length, { interval: 5 }).toBeGreaterThanOrEqual(count)
  return linesOf(started)
}

async function lastLine(started: StartedGateway, count = 1): Promise<Line | undefined> {
  return (await lines(started, count)).at(-1)
}

const credential = { 'x-api-key': key.token }

async function call(
  { url }: StartedGateway,
  path: string,
  headers: Record<string, string> = credential,
  init: RequestInit = {},
): Promise<Response> {
  const answer = await fetch(`${url}${path}`, { ...init, headers })
  await answer.arrayBuffer()
  return answer
}

describe('a request that was let in', () => {
  test('has a line with its facts', async () => {
    const started = await gateway()
    const answer = await call(started, '/acme/prod/up/7', credential, { method: 'POST', body: 'hello' })
    expect(answer.status).toBe(200)
    const line = await lastLine(started)
    expect(line).toEqual({
      level: 30,
      time: expect.any(Number),
      pid: expect.any(Number),
      hostname: expect.any(String),
      msg: 'request',
      requestId: answer.headers.get('x-request-id'),
      entrance: 'gateway',
      organization: 'acme',
      environment: 'prod',
      pipeline: 'upstream',
      version: '1.0',
      code: 'valid',
      keyId: key.record.id,
      consumer: 'con_mobile',
      method: 'POST',
      status: 200,
      end: 'sent',
      durationMs: expect.any(Number),
      upstreamMs: expect.any(Number),
      requestBytes: 5,
      responseBytes: 4,
    })
    expect(line?.['upstreamMs']).toBeLessThanOrEqual(Number(line?.['durationMs']))
  })

  test('counts the bytes of streams, and none for HEAD', async () => {
    const started = await gateway('all', (request, response) => {
      request.resume().on('end', () => {
        for (let part = 0; part < 64; part += 1) response.write(Buffer.alloc(16 * 1024))
        response.end()
      })
    })
    await call(started, '/acme/prod/up/7', credential, { method: 'POST', body: Buffer.alloc(300_000) })
    expect(await lastLine(started)).toMatchObject({ requestBytes: 300_000, responseBytes: 1024 * 1024 })
    await call(started, '/acme/prod/orders', credential, { method: 'HEAD' })
    expect(await lastLine(started, 2)).toMatchObject({ status: 200, responseBytes: 0, upstreamMs: null })
  })

  test('has the time of its calls', async () => {
    const started = await gateway('all', (_request, response) => void response.end('{}'))
    await call(started, '/acme/prod/call', {})
    expect(await lastLine(started)).toMatchObject({
      pipeline: 'call',
      upstreamMs: expect.any(Number),
      keyId: null,
    })
  })

  test('at /authz has a line too, with the method that the proxy describes', async () => {
    const started = await gateway()
    await call(started, '/authz/acme/prod/orders', credential, { method: 'POST' })
    await call(started, '/authz', { 'x-original-method': 'GET', 'x-original-url': '/acme/prod/orders' })
    const [allowed, refused] = await lines(started, 2)
    expect(allowed).toMatchObject({
      entrance: 'authz',
      pipeline: 'orders',
      code: 'valid',
      status: 200,
      method: 'POST',
    })
    expect(refused).toMatchObject({
      entrance: 'authz',
      code: 'credential_missing',
      status: 401,
      method: 'GET',
    })
  })

  test("with another organization's key names that key, and not its consumer", async () => {
    const started = await gateway()
    expect((await call(started, '/acme/prod/orders', { 'x-api-key': partner.token })).status).toBe(200)
    expect(await lastLine(started)).toMatchObject({ keyId: partner.record.id, consumer: null })
    expect(started.gateway.recent.find('partner', { limit: 10 }).found).toEqual([])
  })
})

describe('a refused request', () => {
  test.each([
    ['/acme/prod/orders', {}, 'credential_missing', { pipeline: 'orders', keyId: null }],
    [
      '/acme/prod/orders',
      { 'x-api-key': expired.token },
      'key_expired',
      { pipeline: 'orders', keyId: expired.record.id },
    ],
    [
      '/acme/prod/orders',
      { 'x-api-key': makeKey().token },
      'credential_invalid',
      { pipeline: 'orders', keyId: null },
    ],
    [
      '/acme/prod/nothing',
      credential,
      'route_not_found',
      { organization: 'acme', environment: 'prod', pipeline: null },
    ],
    ['/unknown/prod/orders', credential, 'route_not_found', { organization: null, environment: null }],
    ['/acme/prod/orders%00', credential, 'invalid_request', { pipeline: null }],
    ['/acme/prod/gone', {}, 'upstream_failed', { pipeline: 'gone', status: 502 }],
  ])('to %s has a line: %o', async (path, headers: Record<string, string>, code, facts) => {
    const started = await gateway('refused')
    const answer = await call(started, path, headers)
    expect(await lastLine(started)).toMatchObject({
      requestId: answer.headers.get('x-request-id'),
      status: answer.status,
      code,
      end: 'sent',
      ...facts,
    })
  })

  test('by its limit, its method or its size has a line', async () => {
    const started = await gateway('refused')
    await call(started, '/acme/prod/limited')
    await call(started, '/acme/prod/limited')
    await call(started, '/acme/prod/orders', credential, { method: 'DELETE' })
    await call(started, '/acme/prod/small', credential, { method: 'POST', body: 'too long' })
    expect((await lines(started, 3)).map(({ code, status }) => [code, status])).toEqual([
      ['rate_limited', 429],
      ['method_not_allowed', 405],
      ['too_large', 413],
    ])
  })

  test.each([
    ['GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', 'invalid_request', 400],
    ['GET / HTTP/1.1\r\nBad Header: 1\r\n\r\n', 'invalid_request', 400],
    ['CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n', 'method_not_supported', 501],
    ['GET / HTTP/1.1\r\nHost: a\r\nExpect: more\r\n\r\n', 'expectation_failed', 417],
    [`GET / HTTP/1.1\r\nHost: a\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`, 'headers_too_large', 431],
  ])('that is no valid request of HTTP has a line: %j', async (bytes, code, status) => {
    const started = await gateway('refused')
    const answer = await RawConnection.exchange(started.gateway.port, bytes)
    const line = await lastLine(started)
    expect(line).toMatchObject({ code, status, organization: null })
    expect(answer).toContain(`x-request-id: ${String(line?.['requestId'])}\r\n`)
  })

  test('whose body breaks in the middle has one line, with its pipeline', async () => {
    const started = await gateway('refused')
    const answer = await RawConnection.exchange(
      started.gateway.port,
      `POST /acme/prod/up/1 HTTP/1.1\r\nHost: a\r\nX-Api-Key: ${key.token}\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`,
    )
    const written = await lines(started, 1)
    expect(written).toMatchObject([{ pipeline: 'upstream', code: 'invalid_request', status: 400 }])
    expect(answer).toContain(`x-request-id: ${String(written[0]?.['requestId'])}\r\n`)
  })
})

describe('an exchange that breaks', () => {
  test('because the caller leaves before the answer says so', async () => {
    let arrived = (): void => undefined
    const arrival = new Promise<void>((resolve) => (arrived = resolve))
    const started = await gateway('all', () => arrived())
    await using caller = await RawConnection.open(started.gateway.port)
    caller.send(`GET /acme/prod/up/1 HTTP/1.1\r\nHost: a\r\nX-Api-Key: ${key.token}\r\n\r\n`)
    await arrival
    caller.socket.resetAndDestroy()
    expect(await lastLine(started)).toMatchObject({ code: 'valid', status: null, end: 'caller_gone' })
  })

  test.each([
    'Content-Length: 9\r\n\r\nhalf',
    'Transfer-Encoding: chunked\r\n\r\n9\r\nhalf',
    'Transfer-Encoding: chunked\r\n\r\n',
  ])('because the caller breaks off its body is no refusal: %j', async (rest) => {
    const started = await gateway('all')
    await using caller = await RawConnection.open(started.gateway.port)
    caller.send(`POST /acme/prod/up/1 HTTP/1.1\r\nHost: a\r\nX-Api-Key: ${key.token}\r\n${rest}`)
    caller.socket.end()
    expect(await caller.closed()).toMatch(/^HTTP\/1\.1 400 /)
    expect(await lastLine(started)).toMatchObject({ code: 'valid', status: null, end: 'caller_gone' })
  })

  test('because the caller leaves has no line for a request that waited behind it', async () => {
    let arrived = (): void => undefined
    const arrival = new Promise<void>((resolve) => (arrived = resolve))
    const started = await gateway('all', () => arrived())
    await using caller = await RawConnection.open(started.gateway.port)
    const head = `HTTP/1.1\r\nHost: a\r\nX-Api-Key: ${key.token}\r\n\r\n`
    caller.send(`GET /acme/prod/up/1 ${head}GET /acme/prod/orders ${head}`)
    await arrival
    caller.socket.resetAndDestroy()
    expect(await lastLine(started)).toMatchObject({ pipeline: 'upstream', end: 'caller_gone' })
    const last = `GET /acme/prod/orders ${head.replace('Host', 'Connection: close\r\nHost')}`
    await RawConnection.exchange(started.gateway.port, last)
    const ends = (await lines(started, 2)).map(({ pipeline, end }) => `${String(pipeline)} ${String(end)}`)
    expect(ends).toEqual(['upstream caller_gone', 'orders sent'])
  })

  test('because the upstream ends in the middle has its code', async () => {
    const started = await gateway('refused', (_request, response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('half', () => response.destroy())
    })
    await using caller = await RawConnection.open(started.gateway.port)
    caller.send(`GET /acme/prod/up/1 HTTP/1.1\r\nHost: a\r\nX-Api-Key: ${key.token}\r\n\r\n`)
    await caller.closed()
    expect(await lastLine(started)).toMatchObject({
      code: 'upstream_failed',
      status: 200,
      end: 'cut_off',
      responseBytes: 4,
    })
  })

  test('because its key ends has the reason', async () => {
    const started = await gateway('refused', (_request, response) => {
      response.writeHead(200).write('first')
    })
    await using caller = await RawConnection.open(started.gateway.port)
    caller.send(`GET /acme/prod/up/1 HTTP/1.1\r\nHost: a\r\nX-Api-Key: ${key.token}\r\n\r\n`)
    await caller.until('first')
    started.apply([{ ...key.record, active: false }])
    await caller.closed()
    expect(await lastLine(started)).toMatchObject({ code: 'key_inactive', status: 200, end: 'cut_off' })
  })

  test('because the server stops is cut off', async () => {
    let arrived = (): void => undefined
    const arrival = new Promise<void>((resolve) => (arrived = resolve))
    const started = await gateway('all', () => arrived())
    await using caller = await RawConnection.open(started.gateway.port)
    caller.send(`GET /acme/prod/up/1 HTTP/1.1\r\nHost: a\r\nX-Api-Key: ${key.token}\r\n\r\n`)
    await arrival
    await started.gateway.close(0)
    expect(await lastLine(started)).toMatchObject({ pipeline: 'upstream', end: 'cut_off' })
  })
})

describe('a WebSocket', () => {
  /** Opens one whose upstream sends `hello` after 5 bytes of the caller. */
  async function openSocket(started: StartedGateway): Promise<RawConnection> {
    const caller = await RawConnection.open(started.gateway.port)
    opened.push(caller)
    caller.send(
      'GET /acme/prod/up/1 HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nX-Api-Key: ${key.token}\r\n\r\n`,
    )
    await caller.until('\r\n\r\n')
    caller.send('12345')
    await caller.until('hello')
    return caller
  }

  test.each([
    [
      'its upstream closes',
      'sent',
      async ({ socket }: RawConnection, far: Socket) => {
        far.end()
        await once(socket, 'end')
        socket.end()
      },
    ],
    ['its caller leaves', 'caller_gone', ({ socket }: RawConnection) => socket.resetAndDestroy()],
    ['its upstream breaks', 'cut_off', (_caller: RawConnection, far: Socket) => far.resetAndDestroy()],
    [
      'the server stops',
      'cut_off',
      async (_caller: RawConnection, _far: Socket, { gateway: running }: StartedGateway) =>
        await running.close(0),
    ],
  ])('that ends because %s: %s', async (_reason, end, stop) => {
    const { promise: far, resolve } = Promise.withResolvers<Socket>()
    const started = await gateway('all', ANSWERS, (socket) => {
      resolve(socket)
      socket.on('error', () => socket.destroy())
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
      socket.once('data', () => socket.write('hello'))
    })
    const caller = await openSocket(started)
    const upstream = await far
    opened.push({ [Symbol.asyncDispose]: async () => await Promise.resolve(void upstream.destroy()) })
    await stop(caller, upstream, started)
    expect(await lastLine(started)).toMatchObject({
      status: 101,
      code: 'valid',
      end,
      requestBytes: 5,
      responseBytes: 5,
    })
  })
})

describe('the log', () => {
  test('never has a path, a query, a header or a body', async () => {
    const started = await gateway()
    await call(started, `/acme/prod/query?x-api-key=${key.token}&other=q-secret`, {})
    await call(started, '/acme/prod/up/p-secret?token=t-secret', { ...credential, cookie: 'c-secret' })
    await call(started, '/acme/prod/orders', { authorization: 'Basic b-secret', 'user-agent': 'u-secret' })
    await call(started, '/acme/prod/up/1', credential, { method: 'POST', body: 'body-secret' })
    await lines(started, 4)
    const text = started.log.join('')
    expect(text).not.toContain('secret')
    expect(text).not.toContain(key.token)
    expect(text).not.toContain('/prod/')
  })

  test('has no token that a caller sends as its request id, and neither does the window', async () => {
    const started = await gateway()
    await call(started, '/acme/prod/orders', { 'x-request-id': `a:${key.token}` })
    const line = await lastLine(started)
    expect(line?.['requestId']).toBe(`a:${key.token.slice(0, 22)}_[redacted]`)
    const { found } = started.gateway.recent.find('acme', { limit: 1, requestId: `a:${key.token}` })
    expect(found.map(({ record }) => record)).toMatchObject([{ requestId: line?.['requestId'] }])
  })

  test('cannot be forged: a request id with other characters is replaced', async () => {
    const started = await gateway()
    for (const id of ['a"b', 'a\\', 'a\tb', '{"level":60}', 'é', 'x'.repeat(129)]) {
      await RawConnection.exchange(
        started.gateway.port,
        `GET /acme/prod/orders HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-Request-Id: ${id}\r\n\r\n`,
      )
    }
    for (const line of await lines(started, 6)) {
      expect(line['requestId']).toMatch(/^[\w-]{8}-[\da-z]+$/)
    }
    expect(started.log.every((line) => line.indexOf('\n') === line.length - 1)).toBe(true)
  })

  test('has what its setting says, and the window has all', async () => {
    for (const [setting, codes] of [
      ['all', ['valid', 'credential_missing']],
      ['refused', ['credential_missing']],
      ['none', []],
    ] as const) {
      const started = await gateway(setting)
      await call(started, '/acme/prod/orders')
      await call(started, '/acme/prod/orders', {})
      await expect
        .poll(() => started.gateway.recent.find('acme', { limit: 9 }).found.map(({ record }) => record.code))
        .toEqual(['credential_missing', 'valid'])
      expect(linesOf(started).map(({ code }) => code)).toEqual(codes)
    }
  })

  test('has no line for health, metrics, key sets and preflights', async () => {
    const started = await gateway()
    for (const path of ['/healthz', '/readyz', '/metrics', '/acme/prod/.well-known/jwks.json']) {
      expect((await call(started, path, {})).status).toBe(200)
    }
    expect((await call(started, '/healthz', {}, { method: 'POST' })).status).toBe(405)
    await call(started, '/acme/prod/orders')
    expect(await lines(started, 1)).toMatchObject([{ pipeline: 'orders' }])
  })
})
