import { afterAll, describe, expect, test } from 'vitest'
import { startEchoUpstream, startUpstream } from '../../../../../test/support/upstream.ts'
import { RawConnection } from '../testing/raw-connection.ts'
import { ACME, deployment, makeKey, OPEN, proxyTo, startWith } from '../testing/started-gateway.ts'

const upstream = await startEchoUpstream()
const key = makeKey()
const ranged = makeKey({ addressRules: ['198.51.100.0/24'] })
const CORS = { origins: ['https://app.example'], headers: ['X-Trace'], credentials: true }
const echo = proxyTo(`${upstream.url}/up`)
const started = await startWith(
  [
    ...ACME,
    key.record,
    ranged.record,
    deployment({ responseHeaders: { 'x-team': 'orders' } }),
    deployment({ paths: ['/free'], authentication: OPEN, cors: CORS }, undefined, { pipeline: 'free' }),
    deployment(
      {
        paths: ['/any-origin'],
        authentication: OPEN,
        cors: { ...CORS, origins: ['*'] },
        responseHeaders: { 'access-control-allow-origin': 'https://other.example' },
      },
      undefined,
      { pipeline: 'any-origin' },
    ),
    deployment({ paths: ['/guarded'], cors: CORS }, echo, { pipeline: 'guarded' }),
    deployment({ paths: ['/query'], apiKeyInQuery: true }, echo, { pipeline: 'query' }),
    deployment({ paths: ['/jwt'], authentication: { ...OPEN, jwt: true } }, undefined, { pipeline: 'jwt' }),
    deployment({ paths: ['/basic'], authentication: { ...OPEN, basic: true } }, undefined, {
      pipeline: 'basic',
    }),
    deployment({ paths: ['/rest'], kind: 'rest', authentication: OPEN, methods: ['POST'] }, echo, {
      pipeline: 'rest',
    }),
    deployment(
      {
        paths: ['/rest-soon'],
        kind: 'rest',
        authentication: OPEN,
        methods: ['POST'],
        timeoutMs: 50,
        cors: CORS,
      },
      echo,
      { pipeline: 'rest-soon' },
    ),
    deployment(
      { paths: ['/empty'], authentication: OPEN },
      { kind: 'respond', status: 204, headers: {}, body: null },
      {
        pipeline: 'empty',
      },
    ),
    deployment(
      { paths: ['/limited'], rateLimits: [{ requests: 1, per: 'hour', by: 'credential' }] },
      undefined,
      {
        pipeline: 'limited',
      },
    ),
  ],
  {
    config: {
      trustedProxies: ['127.0.0.0/8'],
      operatorHosts: ['gateway.internal'],
      hosts: new Map([['api.example', { organization: 'acme', environment: 'prod' }]]),
    },
  },
)
afterAll(async () => {
  await started.gateway.close(0)
  await upstream[Symbol.asyncDispose]()
})

function call(path: string, headers: Record<string, string> = {}, init: RequestInit = {}): Promise<Response> {
  return fetch(`${started.url}/acme/prod${path}`, { ...init, headers })
}

async function codeOf(answer: Response): Promise<string> {
  return `${answer.status} ${String(((await answer.json()) as { code?: unknown }).code)}`
}

const credential = { 'x-api-key': key.token }

describe('A request', () => {
  test('is answered by its pipeline', async () => {
    const answer = await call('/orders', credential)
    expect([answer.status, await answer.json()]).toEqual([200, { ok: true }])
    expect(answer.headers.get('x-team')).toBe('orders')
    expect(answer.headers.get('x-request-id')).toMatch(/^[\w-]+$/)
    expect(await (await call('/empty')).text()).toBe('')
  })

  test.each([
    ['/orders', {}, '401 credential_missing'],
    ['/orders', { 'x-api-key': '' }, '401 credential_ambiguous'],
    ['/orders', { 'x-api-key': key.token, apikey: key.token }, '401 credential_ambiguous'],
    ['/orders', { 'x-api-key': key.token, authorization: `Bearer ${key.token}` }, '401 credential_ambiguous'],
    ['/orders', { 'x-api-key': makeKey().token }, '401 credential_invalid'],
    ['/orders', { authorization: 'Bearer eyJhbGciOiJub25lIn0.e30.' }, '401 credential_missing'],
    ['/orders?apikey=' + key.token, {}, '401 credential_missing'],
    ['/query?apikey=' + key.token + '&apikey=' + key.token, {}, '401 credential_ambiguous'],
    ['/orders', { 'x-api-key': ranged.token }, '403 address_not_allowed'],
    ['/jwt', {}, '401 token_missing'],
    ['/jwt', { authorization: 'Bearer eyJhbGciOiJub25lIn0.e30.' }, '401 token_invalid'],
    ['/jwt', { authorization: `Bearer ${key.token}` }, '401 token_missing'],
    ['/basic', {}, '401 basic_invalid'],
    ['/basic', { authorization: 'Basic YTpi' }, '401 basic_invalid'],
    ['/nothing', {}, '404 route_not_found'],
    ['/Orders', credential, '404 route_not_found'],
    ['/orders/', credential, '404 route_not_found'],
    ['/../prod/orders%2f', credential, '400 invalid_request'],
    ['/%2e%2e%2forders', credential, '400 invalid_request'],
  ])('to %s with %j is refused: %s', async (path, headers, refusal) => {
    const answer = await call(path, headers)
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(answer.headers.has('www-authenticate')).toBe(refusal.startsWith('401'))
    expect(answer.headers.has('x-request-id')).toBe(true)
    expect(await codeOf(answer)).toBe(refusal)
  })

  test('with a wrong method gets the allowed methods', async () => {
    const answer = await call('/orders', credential, { method: 'DELETE' })
    expect(answer.headers.get('allow')).toBe('GET, HEAD, POST')
    expect(await codeOf(answer)).toBe('405 method_not_allowed')
  })

  test('over the rate limit is told when to retry', async () => {
    expect((await call('/limited', credential)).status).toBe(200)
    const answer = await call('/limited', credential)
    expect(await codeOf(answer)).toBe('429 rate_limited')
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(3000)
  })

  test('keeps its own id if it is acceptable, and otherwise gets a new one', async () => {
    const idOf = async (id: string) =>
      (await call('/free', { 'x-request-id': id })).headers.get('x-request-id')
    expect(await idOf('abc-1')).toBe('abc-1')
    for (const id of ['a b', '<script>', 'x'.repeat(129)]) expect(await idOf(id)).not.toBe(id)
  })

  test("is counted for its key, with the client's address", async () => {
    await call('/orders', { 'x-api-key': ranged.token, 'x-forwarded-for': '203.0.113.5, 198.51.100.7' })
    expect(started.uses.at(-1)).toMatchObject({ keyId: ranged.record.id, address: '198.51.100.7' })
  })
})

describe('Cross-origin', () => {
  const origin = 'https://app.example'

  test('a preflight is answered without credentials', async () => {
    const headers = { origin, 'access-control-request-method': 'POST' }
    const answer = await call('/guarded', headers, { method: 'OPTIONS' })
    expect(answer.status).toBe(204)
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin)
    expect(answer.headers.get('access-control-allow-methods')).toBe('GET, POST')
    expect(answer.headers.get('access-control-allow-headers')).toContain('x-trace')
    expect(answer.headers.get('access-control-allow-headers')).toContain('x-api-key')
    expect(answer.headers.get('access-control-allow-credentials')).toBe('true')
    expect(answer.headers.get('vary')).toBe('Origin')
  })

  test('another origin gets no CORS headers', async () => {
    const headers = { origin: `${origin}.evil`, 'access-control-request-method': 'POST' }
    const preflight = await call('/guarded', headers, { method: 'OPTIONS' })
    expect([preflight.status, preflight.headers.has('access-control-allow-origin')]).toEqual([204, false])
    const actual = await call('/free', { origin: 'null' })
    expect(actual.headers.has('access-control-allow-origin')).toBe(false)
    expect(actual.headers.get('vary')).toBe('Origin')
  })

  test('OPTIONS that is not a preflight, or names an unknown method, is a plain request', async () => {
    expect((await call('/guarded', {}, { method: 'OPTIONS' })).status).toBe(405)
    expect((await call('/guarded', { origin }, { method: 'OPTIONS' })).status).toBe(405)
    const headers = { origin, 'access-control-request-method': 'DELETE' }
    expect((await call('/guarded', headers, { method: 'OPTIONS' })).status).toBe(405)
  })

  test('a route without CORS rules does not answer preflights', async () => {
    const headers = { origin, 'access-control-request-method': 'POST', ...credential }
    expect((await call('/orders', headers, { method: 'OPTIONS' })).status).toBe(405)
  })

  test('responses have the CORS headers, including refusals', async () => {
    for (const headers of [{ origin }, { origin, ...credential }]) {
      const answer = await call('/guarded', headers)
      expect(answer.headers.get('access-control-allow-origin')).toBe(origin)
      expect(answer.headers.get('access-control-allow-credentials')).toBe('true')
      await answer.text()
    }
  })

  test('with any origin allowed, every answer says so, also one that a cache gets', async () => {
    const answer = await call('/any-origin', {})
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
    expect(answer.headers.has('vary')).toBe(false)
  })

  test('a stored version with its own header has one set of rules', async () => {
    const answer = await call('/any-origin', { origin: 'https://x.example' })
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
  })

  test('with any origin allowed, credentials never are', async () => {
    const answer = await call('/any-origin', { origin: 'https://x.example' })
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
    expect(answer.headers.has('access-control-allow-credentials')).toBe(false)
  })
})

describe('A body', () => {
  test.each([
    ['application/json', 200],
    ['application/json; charset=utf-8', 200],
    ['application/merge-patch+json', 200],
    ['text/plain', 415],
    ['application/jsonx', 415],
    ['application/x-www-form-urlencoded', 415],
    ['text/plain; a=application/json', 415],
  ])('of type %s for a rest trigger: %i', async (type, status) => {
    const answer = await call('/rest', { 'content-type': type }, { method: 'POST', body: '{}' })
    expect(answer.status).toBe(status)
    await answer.text()
  })

  test('without a type or with two is refused by a rest trigger; a request without a body needs none', async () => {
    const head = 'POST /acme/prod/rest HTTP/1.1\r\nHost: h\r\nConnection: close\r\n'
    const port = started.gateway.port
    const json = 'Content-Type: application/json\r\n'
    expect(await RawConnection.exchange(port, `${head}Content-Length: 2\r\n\r\n{}`)).toContain(' 415 ')
    const two = `${head}${json}Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}`
    expect(await RawConnection.exchange(port, two)).toContain(' 415 ')
    expect(await RawConnection.exchange(port, `${head}Content-Length: 0\r\n\r\n`)).toContain(' 200 ')
  })
})

describe('A body in chunks of a rest trigger', () => {
  const head =
    'POST /acme/prod/rest HTTP/1.1\r\nHost: h\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n'

  test.each([
    ['empty', '', '0\r\n\r\n', 200],
    ['empty, with a trailer', '', '0\r\nX-T: 1\r\n\r\n', 200],
    ['empty, of another type', 'Content-Type: text/plain\r\n', '0\r\n\r\n', 200],
    ['empty, after the caller was asked for it', 'Expect: 100-continue\r\n', '0\r\n\r\n', 200],
    ['not empty, without a type', '', '2\r\n{}\r\n0\r\n\r\n', 415],
    ['not empty, of another type', 'Content-Type: text/plain\r\n', '2\r\n{}\r\n0\r\n\r\n', 415],
    ['cut off', '', '', 400],
  ])('that is %s', async (_name, lines, body, status) => {
    await using caller = await RawConnection.open(started.gateway.port)
    caller.send(`${head}${lines}\r\n`)
    caller.send(body)
    caller.socket.end()
    expect(await caller.closed()).toMatch(
      new RegExp(`^(?:HTTP/1.1 100 Continue\r\n\r\n)?HTTP/1.1 ${status} `),
    )
  })

  test('whose key expires before it begins is refused', async () => {
    const clock = { nowMs: 1_000 }
    const expiring = makeKey({ expiresAtMs: 2_000 })
    const records = [...ACME, expiring.record, deployment({ kind: 'rest', methods: ['POST'] })]
    await using own = await startWith(records, { nowMs: () => clock.nowMs })
    await using caller = await RawConnection.open(own.gateway.port)
    caller.send(`${head.replace('/rest', '/orders')}X-Api-Key: ${expiring.token}\r\n\r\n`)
    await expect.poll(() => own.uses).toHaveLength(1)
    clock.nowMs = 2_000
    caller.send('0\r\n\r\n')
    expect(await caller.closed()).toMatch(/^HTTP\/1\.1 401 [^]*key_expired/)
  })

  test('that does not begin in time is refused, and the page that sent it may read why', async () => {
    await using caller = await RawConnection.open(started.gateway.port)
    caller.send(`${head.replace('/rest', '/rest-soon')}Origin: ${CORS.origins[0]}\r\n\r\n`)
    const text = await caller.until('request_timeout')
    expect(text).toMatch(/^HTTP\/1.1 408 /)
    expect(text).toContain(`access-control-allow-origin: ${CORS.origins[0]}\r\n`)
  })

  test('leaves its pipeline the time that the wait for its beginning has not taken', async () => {
    const timeoutMs = 1_000
    await using silent = await startUpstream(() => undefined)
    const trigger = { kind: 'rest', methods: ['POST'], authentication: OPEN, timeoutMs } as const
    await using own = await startWith([...ACME, deployment(trigger, proxyTo(silent.url))])
    await using caller = await RawConnection.open(own.gateway.port)
    const startMs = performance.now()
    caller.send(`${head.replace('/rest', '/orders')}\r\n`)
    await expect.poll(() => performance.now() - startMs).toBeGreaterThan(timeoutMs / 2)
    caller.send('0\r\n\r\n')
    expect(await caller.closed()).toMatch(/^HTTP\/1\.1 504 /)
    expect(performance.now() - startMs).toBeLessThan(timeoutMs * 1.4)
  })
})

describe('A host', () => {
  const get = (host: string, path: string, headers = ''): Promise<string> =>
    RawConnection.exchange(
      started.gateway.port,
      `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${headers}\r\n`,
    )

  test.each([
    ['of an environment serves the whole path', 'api.example', '/free', '', 200],
    ['of an environment does not use the prefix', 'api.example', '/acme/prod/free', '', 404],
    ["of an environment hides the operator's paths", 'api.example', '/metrics', '', 404],
    ['of no environment needs the prefix', 'other', '/acme/prod/free', '', 200],
    ["of none has the operator's paths", 'other', '/healthz', '', 200],
    ['of another site, whose name leads here, gets no metrics', 'rebound.example', '/metrics', '', 421],
    [
      'that a proxy names for another site gets none',
      'localhost',
      '/metrics',
      'X-Forwarded-Host: rebound.example\r\n',
      421,
    ],
    ['of this machine gets metrics', 'localhost:8081', '/metrics', '', 200],
    ['that the operator added gets metrics', 'Gateway.internal.:8081', '/metrics', '', 200],
    ['forwarded by a trusted proxy counts', 'inner', '/free', 'X-Forwarded-Host: api.example\r\n', 200],
    ['forwarded twice is refused', 'inner', '/free', 'X-Forwarded-Host: api.example, inner\r\n', 400],
    ['in a second Host is refused', 'inner', '/acme/prod/free', 'Host: api.example\r\n', 400],
  ])('%s', async (_, host, path, headers, status) => {
    expect(await get(host, path, headers)).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  })

  test('in the target must equal Host', async () => {
    expect(await get('other', 'http://other/acme/prod/free')).toMatch(/^HTTP\/1.1 200 /)
    expect(await get('other', 'http://api.example/free')).toMatch(/^HTTP\/1.1 400 /)
  })
})

describe("The operator's paths", () => {
  test.each([
    ['/healthz', 200, 'alive'],
    ['/readyz', 200, '"revision":1'],
    ['/metrics', 200, 'http_server_request_duration_seconds'],
  ])('%s answers %i', async (path, status, text) => {
    const answer = await fetch(started.url + path)
    expect([answer.status, await answer.text()]).toEqual([status, expect.stringContaining(text)])
  })

  test('tell a probe with any host only whether the gateway is ready', async () => {
    const text = await RawConnection.exchange(
      started.gateway.port,
      'GET /readyz HTTP/1.1\r\nHost: rebound.example\r\nConnection: close\r\n\r\n',
    )
    expect(text).toMatch(/^HTTP\/1\.1 200 [^]*\r\n\r\n\{"ready":true\}$/)
  })

  test('allow only GET and HEAD', async () => {
    const answer = await fetch(`${started.url}/metrics`, { method: 'POST', body: 'x' })
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
  })
})

describe('An outage', () => {
  test('before the first snapshot gives 503', async () => {
    await using empty = await startWith([], { ready: () => false })
    const headers = {
      'x-api-key': key.token,
      'x-original-method': 'GET',
      'x-original-url': '/acme/prod/orders',
    }
    expect(await codeOf(await fetch(`${empty.url}/acme/prod/orders`, { headers }))).toBe('503 unavailable')
    expect(await codeOf(await fetch(`${empty.url}/authz`, { headers }))).toBe('503 unavailable')
    expect((await fetch(`${empty.url}/readyz`)).status).toBe(503)
    expect((await fetch(`${empty.url}/healthz`)).status).toBe(200)
  })

  test('with a snapshot older than the limit gives 503 snapshot_stale', async () => {
    let ageSeconds = 60
    await using stale = await startWith([...ACME, key.record, deployment()], {
      config: { maxStalenessSeconds: 60 },
      snapshotAgeSeconds: () => ageSeconds,
    })
    const get = () => fetch(`${stale.url}/acme/prod/orders`, { headers: credential })
    expect((await get()).status).toBe(200)
    ageSeconds = 60.001
    expect(await codeOf(await get())).toBe('503 snapshot_stale')
  })

  test('has the CORS headers and those of the pipeline, so that a page can read it', async () => {
    const records = [...ACME, key.record, deployment({ cors: CORS, responseHeaders: { 'x-team': 'orders' } })]
    await using leased = await startWith(records, { isLeaseOver: () => true })
    const headers = { ...credential, origin: 'https://app.example' }
    const answer = await fetch(`${leased.url}/acme/prod/orders`, { headers })
    expect(answer.status).toBe(503)
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://app.example')
    expect(answer.headers.get('x-team')).toBe('orders')
    expect((await fetch(`${leased.url}/acme/prod/unknown`, { headers })).status).toBe(503)
  })

  test('of the lease gives 503 snapshot_stale on both entrances, until it is renewed', async () => {
    let isOver = false
    await using leased = await startWith([...ACME, key.record, deployment()], { isLeaseOver: () => isOver })
    const get = () => fetch(`${leased.url}/acme/prod/orders`, { headers: credential })
    const authz = () =>
      fetch(`${leased.url}/authz`, {
        headers: { ...credential, 'x-original-method': 'GET', 'x-original-url': '/acme/prod/orders' },
      })
    expect([(await get()).status, (await authz()).status]).toEqual([200, 200])
    isOver = true
    expect([await codeOf(await get()), await codeOf(await authz())]).toEqual([
      '503 snapshot_stale',
      '503 snapshot_stale',
    ])
    isOver = false
    expect([(await get()).status, (await authz()).status]).toEqual([200, 200])
  })
})

test('A change applies to the next request', async () => {
  await using changing = await startWith([...ACME, key.record, deployment()])
  const get = () => fetch(`${changing.url}/acme/prod/orders`, { headers: credential })
  expect((await get()).status).toBe(200)
  await changing.load([...ACME, { ...key.record, deleted: true }, deployment()])
  expect(await codeOf(await get())).toBe('401 key_deleted')
  await changing.load([...ACME, key.record])
  expect(await codeOf(await get())).toBe('404 route_not_found')
})
