import { afterAll, describe, expect, test } from 'vitest'
import { ACME, deployment, makeKey, OPEN, startWith } from '../testing/started-gateway.ts'

const key = makeKey({ consumer: 'con_mobile', roles: [] })
const unassigned = makeKey({ roles: [] })
const CORS = { origins: ['https://app.example'], headers: ['x-trace'], credentials: true }
const started = await startWith(
  [
    ...ACME,
    key.record,
    unassigned.record,
    {
      kind: 'consumer',
      organization: 'acme',
      id: 'con_mobile',
      name: 'mobile-app',
      environment: 'prod',
      active: true,
      pipelines: ['orders', 'limited', 'query'],
    },
    deployment({ cors: CORS }),
    deployment({ paths: ['/free'], authentication: OPEN }, undefined, { pipeline: 'free' }),
    deployment(
      { paths: ['/limited'], rateLimits: [{ requests: 1, per: 'hour', by: 'consumer' }] },
      undefined,
      {
        pipeline: 'limited',
      },
    ),
    deployment(
      { paths: ['/query'], authentication: { ...OPEN, apiKey: true }, apiKeyInQuery: true },
      undefined,
      { pipeline: 'query' },
    ),
    deployment({ paths: ['/own'], methods: ['OPTIONS', 'GET'], cors: CORS }, undefined, { pipeline: 'own' }),
  ],
  { config: { hosts: new Map([['api.example', { organization: 'acme', environment: 'prod' }]]) } },
)
afterAll(() => started.gateway.close(0))

function ask(headers: Record<string, string>, path = '/authz', init: RequestInit = {}): Promise<Response> {
  return fetch(started.url + path, { ...init, headers })
}

function nginx(url: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Response> {
  return ask({ 'x-original-method': method, 'x-original-url': url, ...headers })
}

describe('Authorization for another proxy', () => {
  test('gives 200 with every identity header, none of them empty', async () => {
    const answer = await nginx('/acme/prod/orders', { 'x-api-key': key.token })
    expect(answer.status).toBe(200)
    expect([...answer.headers].filter(([name]) => name.startsWith('x-sallyport-'))).toEqual([
      ['x-sallyport-claims', '-'],
      ['x-sallyport-consumer', 'mobile-app'],
      ['x-sallyport-environment', 'prod'],
      ['x-sallyport-key', key.record.id],
      ['x-sallyport-labels', '-'],
      ['x-sallyport-organization', 'acme'],
      ['x-sallyport-outcome', 'allowed'],
      ['x-sallyport-pipeline', 'orders'],
    ])
    expect(started.uses.at(-1)).toMatchObject({ keyId: key.record.id, sequence: 1, address: '127.0.0.1' })
  })

  test('is the same for every form of description', async () => {
    const credential = { authorization: `Bearer ${key.token}` }
    const forwarded = { 'x-forwarded-method': 'GET', 'x-forwarded-uri': '/acme/prod/orders' }
    expect((await ask({ ...credential, ...forwarded })).status).toBe(200)
    expect((await ask(credential, '/authz/acme/prod/orders')).status).toBe(200)
    expect((await ask(forwarded)).status).toBe(401)
    expect((await ask({}, '/authz/acme/prod/orders')).status).toBe(401)
  })

  test.each([
    ['/acme/prod/orders', {}, 401, 'credential_missing'],
    ['/acme/prod/orders', { 'x-api-key': `${key.token.slice(0, -1)}_` }, 401, 'credential_invalid'],
    ['/acme/prod/orders', { 'x-api-key': unassigned.token }, 403, 'pipeline_not_allowed'],
    ['/acme/prod/nothing', {}, 404, 'route_not_found'],
    ['/acme/prod/../prod/orders', {}, 400, 'invalid_request'],
    ['/acme/prod/orders%00', {}, 400, 'invalid_request'],
  ])('refuses %s with %j: %i %s', async (url, headers, status, code) => {
    const answer = await nginx(url, headers)
    expect([answer.status, answer.headers.get('x-sallyport-code')]).toEqual([status, code])
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(await answer.json()).toMatchObject({ status, code })
    expect(answer.headers.has('www-authenticate')).toBe(status === 401)
  })

  test('uses only statuses that nginx accepts in nginx mode', async () => {
    const mode = { 'x-sallyport-mode': 'nginx' }
    for (const [url, status, code] of [
      ['/acme/prod/orders', 401, 'credential_missing'],
      ['/acme/prod/nothing', 403, 'route_not_found'],
      ['/acme/prod/./orders', 403, 'invalid_request'],
    ] as const) {
      const answer = await nginx(url, mode)
      expect([answer.status, answer.headers.get('x-sallyport-code')]).toEqual([status, code])
    }
    await nginx('/acme/prod/limited', { 'x-api-key': key.token })
    const limited = await nginx('/acme/prod/limited', { 'x-api-key': key.token, ...mode })
    expect([limited.status, limited.headers.get('x-sallyport-code')]).toEqual([403, 'rate_limited'])
    expect(limited.headers.has('retry-after')).toBe(true)
  })

  test('never uses a route that a caller smuggles past its proxy', async () => {
    const smuggled = await nginx('/acme/prod/orders', {
      'x-forwarded-method': 'GET',
      'x-forwarded-uri': '/acme/prod/free',
    })
    expect(smuggled.status).toBe(400)
    const behindEnvoy = await ask(
      { 'x-original-method': 'GET', 'x-original-url': '/acme/prod/free' },
      '/authz/acme/prod/orders',
    )
    expect(behindEnvoy.status).toBe(400)
    const host = await nginx('/orders', { 'x-forwarded-host': 'api.example' })
    expect(host.status).toBe(404)
  })

  test('accepts a whole URL, whose host can belong to an environment', async () => {
    expect((await nginx('https://api.example/free')).status).toBe(200)
    expect((await nginx('https://api.example/acme/prod/free')).status).toBe(404)
    expect((await nginx('https://other.example/free')).status).toBe(404)
    expect((await nginx('https://other.example/acme/prod/free')).status).toBe(200)
  })

  test.each(['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'])(
    'gives %s, with and without a body',
    async (method) => {
      const headers = {
        'x-original-method': 'GET',
        'x-original-url': '/acme/prod/orders',
        'x-api-key': key.token,
      }
      const hasBody = method !== 'GET' && method !== 'HEAD'
      const answer = await ask(headers, '/authz', {
        method,
        ...(hasBody ? { body: 'x'.repeat(10_000) } : {}),
      })
      expect(answer.status).toBe(200)
    },
  )

  test('admits a preflight without credentials, unless the pipeline serves OPTIONS itself', async () => {
    const preflight = { origin: 'https://app.example', 'access-control-request-method': 'GET' }
    const answer = await nginx('/acme/prod/orders', preflight, 'OPTIONS')
    expect(answer.status).toBe(200)
    expect(answer.headers.get('x-sallyport-key')).toBe('-')
    expect(answer.headers.get('x-sallyport-outcome')).toBe('preflight')
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://app.example')
    expect(answer.headers.get('access-control-allow-methods')).toMatch(/GET/)
    expect((await nginx('/acme/prod/own', preflight, 'OPTIONS')).status).toBe(401)
    expect((await nginx('/acme/prod/orders', {}, 'OPTIONS')).status).toBe(405)
  })

  test('has the CORS headers of an allowed answer, for the origins of the pipeline', async () => {
    const call = async (origin: string) =>
      (await nginx('/acme/prod/orders', { 'x-api-key': key.token, origin })).headers
    const ours = await call('https://app.example')
    expect(ours.get('access-control-allow-origin')).toBe('https://app.example')
    expect([ours.get('access-control-allow-credentials'), ours.get('vary')]).toEqual(['true', 'Origin'])
    expect(ours.has('access-control-allow-methods')).toBe(false)
    const other = await call('https://app.example.evil')
    expect([other.get('access-control-allow-origin'), other.get('vary')]).toEqual([null, 'Origin'])
    const open = await nginx('/acme/prod/free', { origin: 'https://app.example' })
    expect([open.status, open.headers.get('vary')]).toEqual([200, null])
  })

  test('tells a relaying proxy which target to send on: the path as it came, the query without a key', async () => {
    const relayed = async (url: string, mode = 'relay'): Promise<(string | null)[]> => {
      const headers = { 'x-api-key': key.token, 'x-sallyport-mode': mode }
      const answer = await nginx(url, headers)
      return [String(answer.status), answer.headers.get('x-sallyport-target')]
    }
    const token = key.token
    for (const [query, sent] of [
      ['', ''],
      ['?', '?'],
      ['?a=1&b=%20+', '?a=1&b=%20+'],
      [`?apikey=${token}`, ''],
      [`?a=1&%61pi%6bey=${token}&b=2`, '?a=1&b=2'],
      // The pipeline reads no key from the query, so the parameter can be its own.
      ['?apikey=mine', '?apikey=mine'],
    ] as const) {
      expect(await relayed(`/acme/prod/%6frders${query}`)).toEqual(['200', `/acme/prod/%6frders${sent}`])
    }
    expect(await relayed('/acme/prod/nothing?a=1')).toEqual(['404', null])
    expect(await relayed('/acme/prod/free?apikey=mine', 'nginx')).toEqual(['200', null])
    expect(await relayed('/acme/prod/free?apikey=mine', 'nginx-relay')).toEqual([
      '200',
      '/acme/prod/free?apikey=mine',
    ])
    const fromQuery = await nginx(`/acme/prod/query?apikey=${token}&a=1`, { 'x-sallyport-mode': 'relay' })
    expect([fromQuery.status, fromQuery.headers.get('x-sallyport-target')]).toEqual([
      200,
      '/acme/prod/query?a=1',
    ])
    expect(JSON.stringify([...fromQuery.headers])).not.toContain(token)
  })

  test('describes a refusal to a relaying nginx in headers, because it passes on no body and few statuses', async () => {
    const mode = { 'x-sallyport-mode': 'nginx-relay' }
    for (const [url, status, code, own] of [
      ['/acme/prod/orders', 401, 'credential_missing', 401],
      ['/acme/prod/nothing', 403, 'route_not_found', 404],
      ['/acme/prod/./orders', 403, 'invalid_request', 400],
    ] as const) {
      const answer = await nginx(url, mode)
      const { headers } = answer
      expect([answer.status, headers.get('x-sallyport-status')]).toEqual([status, String(own)])
      const described: unknown = JSON.parse(headers.get('x-sallyport-problem') ?? '')
      expect(described).toEqual(await answer.json())
      expect(described).toMatchObject({ status: own, code })
      expect(headers.has('x-sallyport-target')).toBe(false)
    }
    const plain = await nginx('/acme/prod/nothing', { 'x-sallyport-mode': 'nginx' })
    expect([plain.headers.has('x-sallyport-status'), plain.headers.has('x-sallyport-problem')]).toEqual([
      false,
      false,
    ])
  })

  test('lets a relaying nginx answer a preflight, and never forward it', async () => {
    const preflight = {
      origin: 'https://app.example',
      'access-control-request-method': 'GET',
      'x-sallyport-mode': 'nginx-relay',
    }
    const answer = await nginx('/acme/prod/orders', preflight, 'OPTIONS')
    expect([answer.status, answer.headers.get('x-sallyport-status')]).toEqual([403, '200'])
    expect(answer.headers.get('x-sallyport-outcome')).toBe('preflight')
    expect(answer.headers.get('access-control-allow-methods')).toMatch(/GET/)
    expect(answer.headers.has('x-sallyport-target')).toBe(false)
  })

  test('explains a query after /authz, which Caddy leaves there', async () => {
    const forwarded = { 'x-forwarded-method': 'GET', 'x-forwarded-uri': '/acme/prod/free?a=1' }
    expect((await ask(forwarded)).status).toBe(200)
    expect((await ask(forwarded, '/authz?')).status).toBe(200)
    expect((await ask({}, '/authz?')).status).toBe(400)
    const answer = await ask(forwarded, '/authz?a=1')
    expect(answer.status).toBe(400)
    expect(((await answer.json()) as { detail: string }).detail).toMatch(/"\/authz\?"/)
  })
})
