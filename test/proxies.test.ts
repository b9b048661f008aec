import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CREDENTIAL_HEADERS } from '@sallyport/core'
import { RawConnection } from '../packages/server/src/gateway/testing/raw-connection.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FRONTS, startHaproxy, type Front, type RunningFront } from './proxies/front.ts'
import { ORIGIN, startGuardedService, type GuardedService } from './proxies/guarded-service.ts'
import { ADMITTED, IDENTITY, PREFLIGHT, REFUSED } from './proxies/hostile-calls.ts'
import { digestOf, type ReceivedRequest } from './proxies/recording-service.ts'
import { send, valuesOf, type Call, type CallResult } from './proxies/send.ts'
import { freePort } from './services/free-port.ts'
import { startTcpRelay } from './support/tcp-relay.ts'
import { startEchoUpstream } from './support/upstream.ts'

let guarded: GuardedService
const running = new Map<Front['name'], RunningFront>()

beforeAll(async () => {
  guarded = await startGuardedService(FRONTS.map(({ name }) => name))
  const { gatewayUrl, service } = guarded
  const addresses = { gatewayUrl, upstreamUrl: service.url }
  for (const front of FRONTS) running.set(front.name, await front.start(guarded.folder, addresses))
}, 300_000)

afterAll(async () => {
  for (const front of running.values()) await front[Symbol.asyncDispose]()
  await guarded[Symbol.asyncDispose]()
})

async function through(front: Front, call: Call): Promise<CallResult> {
  return await send(running.get(front.name)?.url ?? '', guarded, call)
}

/** What a service that gets headers as variables could read: names with "-" for every other mark. */
function namesAsRead({ rawHeaders }: ReceivedRequest): string[] {
  return rawHeaders
    .filter((_, index) => index % 2 === 0)
    .map((name) => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '-'))
}

function expectIdentity(received: ReceivedRequest, consumer: string): void {
  const { rawHeaders } = received
  const identity = namesAsRead(received).filter((name) => name.startsWith('x-sallyport-'))
  expect(identity.toSorted((one, other) => one.localeCompare(other))).toEqual(
    IDENTITY.toSorted((one, other) => one.localeCompare(other)),
  )
  expect(valuesOf(rawHeaders, 'x-sallyport-organization')).toEqual(['acme'])
  expect(valuesOf(rawHeaders, 'x-sallyport-environment')).toEqual(['prod'])
  expect(valuesOf(rawHeaders, 'x-sallyport-consumer')).toEqual([consumer])
  expect(valuesOf(rawHeaders, 'x-sallyport-labels')).toEqual([
    consumer === 'caller-of-orders' ? guarded.labels : '-',
  ])
  expect(JSON.stringify(rawHeaders)).not.toContain('forged')
  // A proxy behind the front would remove what Connection names.
  expect(valuesOf(rawHeaders, 'connection').join()).not.toMatch(/sallyport/i)
  expect(valuesOf(rawHeaders, 'upgrade')).toEqual([])
}

function expectNoCredentials(received: ReceivedRequest): void {
  const names = namesAsRead(received)
  expect([...CREDENTIAL_HEADERS].filter((name) => names.includes(name))).toEqual([])
  const all = JSON.stringify(received)
  for (const secret of [guarded.token, guarded.queryToken]) expect(all).not.toContain(secret)
}

/** Frameworks that read the path or the client's address from headers must not be misled. */
function expectNoOtherRequest({ rawHeaders }: ReceivedRequest): void {
  const all = JSON.stringify(rawHeaders)
  expect(all).not.toContain('/acme/prod/open')
  expect(all).not.toContain('192.0.2.1')
  expect(valuesOf(rawHeaders, 'x-forwarded-for')).toEqual(['127.0.0.1'])
}

describe.each(FRONTS.map((front) => [front.name, front] as const))('%s', (_name, front) => {
  test.each(ADMITTED.map((row) => [row.title, row] as const))('admits a call %s', async (_title, row) => {
    const call = row.call(guarded)
    const { status, body, received } = await through(front, call)
    expect([status, body]).toEqual([200, 'the service'])
    expect(received).toHaveLength(1)
    const [request] = received
    if (request === undefined) throw new Error('the service received no request')
    expect([request.method, request.url]).toEqual([call.method ?? 'GET', row.target ?? call.path])
    expect(request.bodyDigest).toBe(digestOf(call.body ?? ''))
    // HAProxy can drop trailers from 3.2 on.
    expect(front.name === 'haproxy' ? [] : request.rawTrailers).toEqual([])
    expectIdentity(request, row.consumer ?? 'caller-of-orders')
    expectNoCredentials(request)
    expectNoOtherRequest(request)
  })

  test('passes on the claims of a long token', async () => {
    const headers = [['Authorization', `Bearer ${guarded.longJwt}`]] as const
    const { status, received } = await through(front, { path: '/acme/prod/signed', headers })
    expect([status, received.length]).toEqual([200, 1])
    const [claims = ''] = valuesOf(received[0]?.rawHeaders ?? [], 'x-sallyport-claims')
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({ sub: 'ada' })
    expect(JSON.stringify(received)).not.toContain(guarded.longJwt)
  })

  test('lets no credential through, although Connection keeps one from Sallyport', async () => {
    const headers = [
      ['X-Api-Key', guarded.token],
      ['Connection', 'X-Api-Key, Authorization'],
    ] as const
    const { status, received } = await through(front, { path: '/acme/prod/orders/7', headers })
    // Caddy removes the named headers from its question, so that no key is left.
    expect(status).toBe(front.name === 'caddy' ? 401 : 200)
    expect(received).toHaveLength(front.name === 'caddy' ? 0 : 1)
    for (const request of received) expectNoCredentials(request)
  })

  test('sends an allowed call with the state of its rate limit, and a call over it a 429', async () => {
    const token = guarded.limitedTokens.get(front.name) ?? ''
    const call = { path: `/acme/prod/limited-${front.name}`, headers: [['X-Api-Key', token]] as const }
    const allowed = await through(front, call)
    expect([allowed.status, allowed.headers['ratelimit']]).toEqual([200, '"consumer-hour";r=0;t=3600'])
    const refused = await through(front, call)
    expect(refused.status).toBe(429)
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(3500)
    expect(refused.headers['ratelimit']).toMatch(/^"consumer-hour";r=0;t=3\d{3}$/)
    expect(refused.headers['ratelimit-policy']).toBe('"consumer-hour";q=1;w=3600')
  })

  test.each(REFUSED.map((row) => [row.title, row] as const))('refuses: %s', async (_title, row) => {
    const { status, body, headers, rawHeaders, received } = await through(
      front,
      row.call(guarded, front.name),
    )
    expect(received).toEqual([])
    expect(status).toBe(row.status)
    if (row.code === null) return
    expect(headers['content-type']).toBe('application/problem+json')
    expect(headers['x-sallyport-code']).toBe(row.code)
    expect(JSON.parse(body)).toMatchObject({ status: row.status, code: row.code })
    expect(headers['x-request-id']).toMatch(/./)
    expect(headers['cache-control']).toBe('no-store')
    // RFC 9110 sections 11.6.1 and 15.5.6.
    expect(valuesOf(rawHeaders, 'www-authenticate')).toHaveLength(row.status === 401 ? 1 : 0)
    expect(valuesOf(rawHeaders, 'allow')).toHaveLength(row.status === 405 ? 1 : 0)
  })

  test('refuses a path with "#", or sends the service the encoded path that was decided', async () => {
    const headers = [['X-Api-Key', guarded.token]] as const
    const { status, received } = await through(front, { path: '/acme/prod/orders/a#b', headers })
    const urls = received.map(({ url }) => url)
    expect([status, urls]).toEqual(front.name === 'caddy' ? [200, ['/acme/prod/orders/a%23b']] : [400, []])
  })

  test('never changes the path, even if it has the same text as a key in the query', async () => {
    const key = `apikey=${guarded.queryToken}`
    const { status, received } = await through(front, { path: `/acme/prod/keyed/${key}?${key}` })
    // Caddy cannot replace one without the other.
    expect([status, received.map(({ url }) => url)]).toEqual(
      front.name === 'caddy' ? [400, []] : [200, [`/acme/prod/keyed/${key}`]],
    )
  })

  test('carries a WebSocket', async () => {
    await using connection = await RawConnection.open(
      Number(new URL(running.get(front.name)?.url ?? '').port),
    )
    const trace = `websocket-${front.name}`
    const headers = [
      'Host: front.example',
      `X-Trace: ${trace}`,
      `X-Api-Key: ${guarded.token}`,
      'Connection: Upgrade, X-Sallyport-Consumer, X-Sallyport-Key',
      'Upgrade: WebSocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    ]
    connection.send(`GET /acme/prod/orders/7 HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`)
    await connection.until(/^HTTP\/1\.1 101 /)
    connection.send('a frame')
    await connection.until('a frame')
    const [received] = guarded.service.received(trace)
    expect(valuesOf(received?.rawHeaders ?? [], 'x-sallyport-consumer')).toEqual(['caller-of-orders'])
    expect(valuesOf(received?.rawHeaders ?? [], 'x-sallyport-key')).toEqual([guarded.keyId])
    expect(valuesOf(received?.rawHeaders ?? [], 'x-api-key')).toEqual([])
  })

  test('answers HEAD without a body', async () => {
    const refused = await through(front, { method: 'HEAD', path: '/acme/prod/orders/7' })
    expect([refused.status, refused.body, refused.received]).toEqual([401, '', []])
    const headers = [['X-Api-Key', guarded.token]] as const
    const allowed = await through(front, { method: 'HEAD', path: '/acme/prod/orders/7', headers })
    expect([allowed.status, allowed.body, allowed.received.length]).toEqual([200, '', 1])
  })

  test.each([401, 403, 404, 429, 500, 503])('passes on a %i of the service', async (status) => {
    const headers = [
      ['X-Api-Key', guarded.token],
      ['X-Answer', String(status)],
    ] as const
    const answer = await through(front, { path: '/acme/prod/orders/7', headers })
    expect([answer.status, answer.body]).toEqual([status, 'the service'])
    expect(answer.headers['x-sallyport-code']).toBeUndefined()
    expect(answer.headers['x-sallyport-consumer']).toBeUndefined()
  })

  test('answers a preflight by itself, and lets the page read other answers', async () => {
    const preflight = await through(front, PREFLIGHT)
    expect([preflight.status, preflight.body, preflight.received]).toEqual([200, '', []])
    expect(preflight.headers['access-control-allow-origin']).toBe(ORIGIN)
    expect(preflight.headers['access-control-allow-methods']).toMatch(/GET/)
    const headers = [
      ['X-Api-Key', guarded.token],
      ['Origin', ORIGIN],
    ] as const
    const read = await through(front, { path: '/acme/prod/pages', headers })
    expect([read.status, read.headers['access-control-allow-origin']]).toEqual([200, ORIGIN])
    const refused = await through(front, { path: '/acme/prod/pages', headers: [['Origin', ORIGIN]] })
    expect([refused.status, refused.headers['access-control-allow-origin']]).toEqual([401, ORIGIN])
  })

  test('refuses a key that is sent a hundred times, and goes on', async () => {
    const key = ['X-Api-Key', guarded.token] as const
    const many = await through(front, {
      path: '/acme/prod/orders/7',
      headers: Array.from({ length: 90 }, () => key),
    })
    expect([many.status, many.received]).toEqual([401, []])
    expect(many.headers['x-sallyport-code']).toBe('credential_ambiguous')
    const one = await through(front, { path: '/acme/prod/orders/7', headers: [key] })
    expect(one.status).toBe(200)
  })
})

describe('without an answer of Sallyport', () => {
  const call = (): Call => ({ path: '/acme/prod/open?a=1', headers: [['X-Api-Key', guarded.token]] })

  test.each([
    ['ends connections', 'cut'],
    ['accepts connections and is silent', 'stall'],
  ] as const)('no front lets a request through while the gateway %s', async (_title, fault) => {
    await using gateway = await startTcpRelay(guarded.gatewayUrl)
    const addresses = { gatewayUrl: gateway.url, upstreamUrl: guarded.service.url }
    await using stack = new AsyncDisposableStack()
    const urls: string[] = []
    for (const front of FRONTS) urls.push(stack.use(await front.start(guarded.folder, addresses)).url)
    const statuses = async (): Promise<(readonly [number, number])[]> =>
      await Promise.all(
        urls.map(async (url) => {
          const { status, received } = await send(url, guarded, call())
          return [status, received.length] as const
        }),
      )
    expect(await statuses()).toEqual(FRONTS.map(() => [200, 1]))
    gateway[fault]()
    for (const [status, received] of await statuses()) {
      expect([502, 503, 504]).toContain(status)
      expect(received).toBe(0)
    }
    gateway.mend()
    expect(await statuses()).toEqual(FRONTS.map(() => [200, 1]))
  })

  test('no front lets a request through while no gateway runs', async () => {
    const addresses = {
      gatewayUrl: `http://127.0.0.1:${await freePort()}`,
      upstreamUrl: guarded.service.url,
    }
    await using stack = new AsyncDisposableStack()
    for (const front of FRONTS) {
      const { url } = stack.use(await front.start(guarded.folder, addresses))
      const { status, received } = await send(url, guarded, call())
      expect([front.name, received]).toEqual([front.name, []])
      expect([502, 503, 504]).toContain(status)
    }
  })

  test('no front lets a request through that another server allows', async () => {
    // Every answer is a 200, but no server other than Sallyport says what was decided.
    await using other = await startEchoUpstream()
    const addresses = { gatewayUrl: other.url, upstreamUrl: guarded.service.url }
    await using stack = new AsyncDisposableStack()
    for (const front of FRONTS) {
      const { url } = stack.use(await front.start(guarded.folder, addresses))
      expect([front.name, (await send(url, guarded, call())).received]).toEqual([front.name, []])
    }
  })

  test('HAProxy lets no request through if its Lua fails', async () => {
    const script = join(guarded.folder, 'broken.lua')
    const action = "core.register_action('sallyport', { 'http-req' }, function() error('broken') end, 1)"
    await writeFile(script, action)
    const addresses = { gatewayUrl: guarded.gatewayUrl, upstreamUrl: guarded.service.url }
    await using front = await startHaproxy(guarded.folder, addresses, script)
    const { status, received } = await send(front.url, guarded, call())
    expect([status, received]).toEqual([503, []])
  })
})
