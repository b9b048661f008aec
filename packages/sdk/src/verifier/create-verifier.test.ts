import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { SallyportError } from '../calls/sallyport-error.ts'
import { hangUp, problem, startScriptedServer, type Step } from '../testing/scripted-server.ts'
import type { NodeRequest } from './caller-request.ts'
import { createVerifier, type VerifierOptions } from './create-verifier.ts'
import { eventually } from '../../../../test/support/eventually.ts'

const TOKEN = 'sp_sk_4fT0Qm2ZrX9bLk7A_secret'
const IDENTITY = {
  'x-sallyport-organization': 'acme',
  'x-sallyport-environment': 'prod',
  'x-sallyport-pipeline': 'orders',
  'x-sallyport-consumer': 'mobile-app',
  'x-sallyport-key': 'key_1',
  'x-sallyport-claims': '-',
  'x-sallyport-labels': '-',
}
const ALLOWED = { ...IDENTITY, 'x-sallyport-outcome': 'allowed' }

/** Answers like `/authz` does when it allows a request. */
function allow(headers: Readonly<Record<string, string>> = {}): Step {
  return (response) => void response.writeHead(200, { 'content-length': '0', ...ALLOWED, ...headers }).end()
}

/** Refuses like `/authz` does. */
function refuse(status: number, code: string, headers: Readonly<Record<string, string>> = {}): Step {
  return problem(status, code, { 'x-sallyport-code': code, ...headers })
}

/** A verifier that asks a gateway which takes these steps. */
async function open(steps: readonly Step[], options: Partial<VerifierOptions> = {}) {
  const gateway = await startScriptedServer(...steps)
  const place = { organization: 'acme', environment: 'prod' }
  const verifier = createVerifier({ gateway: gateway.url, ...place, ...options } as VerifierOptions)
  return {
    verifier,
    received: gateway.received,
    [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose](),
  }
}

/** A request as Node.js has it. */
function request(headers: readonly string[] = ['X-Api-Key', TOKEN], url = '/orders/1?x=%20'): NodeRequest {
  return { method: 'GET', url, rawHeaders: headers, socket: { remoteAddress: '192.0.2.7' } }
}

test('the question has the credential, the request and the address, and nothing else of the caller', async () => {
  await using world = await open([allow()])
  const { verifier, received } = world
  const headers = [
    'Host',
    'shop.example',
    'X-Api-Key',
    TOKEN,
    'Cookie',
    'session=1',
    'X-Request-Id',
    'call-7',
  ]
  const forged = ['X-Original-URL', '/free', 'X-Original-Method', 'PUT', 'X-Forwarded-Uri', '/free']
  const more = [
    'X-Forwarded-Method',
    'PUT',
    'X-Forwarded-For',
    '10.0.0.1',
    'X-Forwarded-Host',
    'evil.example',
  ]
  const last = ['X-Sallyport-Mode', 'nginx', 'X-Sallyport-Key', 'key_2', 'Content-Length', '5']
  await verifier.verify({ ...request([...headers, ...forged, ...more, ...last]), method: 'POST' })
  expect(received).toMatchObject([{ method: 'GET', url: '/authz', body: '' }])
  const { host, ...sent } = received[0]?.headers ?? {}
  expect(host).toMatch(/^127\.0\.0\.1:/)
  const ofFetch = ['accept', 'accept-encoding', 'accept-language', 'cache-control', 'connection', 'pragma']
  for (const name of [...ofFetch, 'sec-fetch-mode', 'user-agent']) delete sent[name]
  expect(sent).toEqual({
    'x-original-method': 'POST',
    'x-original-url': '/acme/prod/orders/1?x=%20',
    'x-forwarded-for': '192.0.2.7',
    'x-api-key': TOKEN,
    'x-request-id': 'call-7',
  })
})

test('an allowed request has its identity, and the headers for its answer', async () => {
  const limits = { 'ratelimit-policy': '"key-day";q=5;w=86400', ratelimit: '"key-day";r=4;t=9' }
  const cors = { vary: 'Origin', 'access-control-allow-origin': 'https://app.example' }
  await using world = await open([
    allow({ ...limits, ...cors, 'x-request-id': 'req_1', 'set-cookie': 'a=b', server: 'x' }),
  ])
  expect(await world.verifier.verify(request())).toEqual({
    outcome: 'allowed',
    identity: {
      organization: 'acme',
      environment: 'prod',
      pipeline: 'orders',
      consumer: 'mobile-app',
      key: 'key_1',
      claims: null,
      labels: null,
    },
    identityHeaders: IDENTITY,
    headers: { ...limits, ...cors },
    requestId: 'req_1',
  })
})

test('a refused request has the answer of the gateway', async () => {
  const headers = {
    'www-authenticate': 'Bearer realm="sallyport"',
    'retry-after': '3',
    allow: 'GET',
    via: 'x',
  }
  await using world = await open([refuse(401, 'credential_missing', headers)])
  const verification = await world.verifier.verify(request([]))
  expect(verification).toEqual({
    outcome: 'refused',
    status: 401,
    code: 'credential_missing',
    detail: 'It is credential_missing.',
    requestId: 'req_1',
    headers: {
      'content-type': 'application/problem+json; charset=utf-8',
      'www-authenticate': 'Bearer realm="sallyport"',
      'retry-after': '3',
      allow: 'GET',
      'x-request-id': 'req_1',
      'x-sallyport-code': 'credential_missing',
    },
    body: expect.stringContaining('"code":"credential_missing"'),
  })
})

test('a preflight has an answer of its own, and needs no handler', async () => {
  const headers = { 'access-control-allow-origin': 'https://app.example', 'access-control-max-age': '600' }
  const preflight = { ...headers, 'x-sallyport-outcome': 'preflight', ratelimit: '' }
  await using world = await open([allow(preflight)])
  const caller = ['Origin', 'https://app.example', 'Access-Control-Request-Method', 'GET']
  const verification = await world.verifier.verify({ ...request(caller), method: 'OPTIONS' })
  expect(verification).toEqual({
    outcome: 'preflight',
    status: 204,
    headers: { ...headers, ratelimit: '' },
    body: '',
  })
  expect(world.received[0]?.headers).toMatchObject({
    origin: 'https://app.example',
    'access-control-request-method': 'GET',
    'x-original-method': 'OPTIONS',
  })
})

const without =
  (name: string): Step =>
  (response) => {
    const headers = Object.fromEntries(Object.entries(ALLOWED).filter(([header]) => header !== name))
    response.writeHead(200, headers).end()
  }

test.each<[string, Step]>([
  ['no answer', hangUp],
  ['a page with status 200', (response) => void response.writeHead(200).end('<h1>It works</h1>')],
  ['no content', (response) => void response.writeHead(204, ALLOWED).end()],
  ['a redirect', (response) => void response.writeHead(302, { ...ALLOWED, location: '/elsewhere' }).end()],
  ...Object.keys(ALLOWED).map((name): [string, Step] => [`no ${name}`, without(name)]),
  ['an empty header', allow({ 'x-sallyport-key': '' })],
  ['no organization', allow({ 'x-sallyport-organization': '-' })],
  ['another outcome', allow({ 'x-sallyport-outcome': 'refused' })],
  ['claims that are no JSON', allow({ 'x-sallyport-claims': 'bm8' })],
  ['a refusal of another server', (response) => void response.writeHead(401).end()],
  ['a problem of the management API', problem(404, 'not_found')],
  ['a problem with another code', problem(403, 'key_expired', { 'x-sallyport-code': 'key_inactive' })],
  [
    'a problem that is no JSON',
    (response) => {
      const headers = { 'content-type': 'application/problem+json', 'x-sallyport-code': 'key_expired' }
      response.writeHead(401, headers).end('{"code":"key_expired"')
    },
  ],
  ['an endless body', (response) => void response.writeHead(401).end('x'.repeat(100_000))],
  ['an outage', refuse(503, 'snapshot_stale', { 'retry-after': '5' })],
  ['a failure', refuse(500, 'internal')],
])('a gateway that answers with %s is unavailable, never a refusal', async (_, step) => {
  await using world = await open([step])
  const verification = await world.verifier.verify(request())
  expect(verification).toEqual({
    outcome: 'unavailable',
    status: 503,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', 'retry-after': '5' },
    body: JSON.stringify({
      type: 'urn:sallyport:problem:unavailable',
      title: 'The service is unavailable',
      status: 503,
      detail: 'The credential could not be checked. Send the request again in a few seconds.',
      code: 'unavailable',
    }),
    error: expect.any(SallyportError),
  })
  expect(world.received).toHaveLength(1)
})

test('the developer learns why the gateway is unavailable, and the caller when to try again', async () => {
  await using world = await open([
    refuse(503, 'snapshot_stale', { 'retry-after': '11' }),
    allow({ 'x-sallyport-key': '' }),
    hangUp,
  ])
  const errorOf = async () => {
    const verification = await world.verifier.verify(request())
    if (verification.outcome !== 'unavailable') throw new Error(verification.outcome)
    return { error: verification.error, retryAfter: verification.headers['retry-after'] }
  }
  expect(await errorOf()).toMatchObject({ error: { code: 'snapshot_stale', status: 503 }, retryAfter: '11' })
  expect(await errorOf()).toMatchObject({
    error: { code: 'unexpected_answer', status: 200 },
    retryAfter: '5',
  })
  const { error } = await errorOf()
  expect(error).toMatchObject({ code: 'network_error', status: 0 })
  expect(inspect(error, { depth: 9 })).not.toContain(TOKEN)
})

test.each<[string, Step]>([
  ['never answers', () => undefined],
  ['never ends its answer', (response) => void response.writeHead(200, ALLOWED).write('x')],
])('a gateway that %s is unavailable after the time limit', async (_, step) => {
  await using world = await open([step], { attemptMsMax: 50 })
  expect(await world.verifier.verify(request())).toMatchObject({
    outcome: 'unavailable',
    error: { cause: new Error('The server did not answer within 50 ms') },
  })
})

test('a signal ends the question with its reason', async () => {
  await using world = await open([() => undefined])
  const controller = new AbortController()
  const verifying = world.verifier.verify(request(), { signal: controller.signal })
  const reason = new Error('The caller has gone')
  await eventually(() => expect(world.received).toHaveLength(1))
  controller.abort(reason)
  await expect(verifying).rejects.toBe(reason)
  await expect(world.verifier.verify(request(), { signal: controller.signal })).rejects.toBe(reason)
  expect(world.received).toHaveLength(1)
})

test('a request of the Fetch standard is verified too', async () => {
  await using world = await open([allow()])
  const headers = { authorization: `Bearer ${TOKEN}`, cookie: 'a=b', 'x-original-url': '/free' }
  await world.verifier.verify(
    new Request('https://shop.example/orders/1?y=2', { method: 'POST', headers, body: 'x' }),
  )
  expect(world.received[0]).toMatchObject({
    headers: {
      authorization: `Bearer ${TOKEN}`,
      'x-original-method': 'POST',
      'x-original-url': '/acme/prod/orders/1?y=2',
      'x-forwarded-for': '::',
    },
    body: '',
  })
  expect(world.received[0]?.headers.cookie).toBeUndefined()
})

test('a request that no gateway can be asked about is refused without a question', async () => {
  await using world = await open([allow()])
  for (const url of ['*', 'http://shop.example/orders', 'orders', '', '/orders/ä', '/orders 1', '/a\r\nx: y'])
    expect(await world.verifier.verify(request([], url))).toMatchObject({
      outcome: 'refused',
      status: 400,
      code: 'invalid_request',
      body: expect.stringContaining('"code":"invalid_request"'),
    })
  expect(await world.verifier.verify(request(['x-api-key', 'a\r\nx-api-key: b']))).toMatchObject({
    status: 400,
  })
  expect(await world.verifier.verify({ ...request(), method: 'G\r\nET' })).toMatchObject({ status: 400 })
  expect(world.received).toEqual([])
})

test('a fixed path replaces the path of the caller, and keeps the query', async () => {
  await using world = await open([allow()])
  const { verifier, received } = world
  await verifier.verify(request([], '/ORDERS/1/?apikey=sp_pk_x'), { path: '/orders/1' })
  expect(received[0]?.headers['x-original-url']).toBe('/acme/prod/orders/1?apikey=sp_pk_x')
  for (const path of ['orders', '', '/a?b', '/a#b', '/a b'])
    await expect(verifier.verify(request(), { path })).rejects.toThrow(TypeError)
  expect(received).toHaveLength(1)
})

test('a host selects the environment, where the gateway has such hosts', async () => {
  await using world = await open([allow()], {
    host: 'api.example.com',
    organization: undefined,
    environment: undefined,
  })
  await world.verifier.verify(request())
  expect(world.received[0]?.headers['x-original-url']).toBe('https://api.example.com/orders/1?x=%20')
})

test.each<[string, Record<string, string>]>([
  ['no place', {}],
  ['half a place', { organization: 'acme' }],
  ['two places', { organization: 'acme', environment: 'prod', host: 'api.example.com' }],
  ['a path as environment', { organization: 'acme', environment: 'prod/orders' }],
  ['an empty environment', { organization: 'acme', environment: '' }],
  ['a URL as host', { host: 'https://api.example.com' }],
  ['a host with a path', { host: 'api.example.com/acme' }],
  ['another protocol', { organization: 'acme', environment: 'prod', gateway: 'ftp://127.0.0.1' }],
])('%s is a mistake of the developer', (_, options) => {
  const all = { gateway: 'http://127.0.0.1:8081', ...options }
  expect(() => createVerifier(all as unknown as VerifierOptions)).toThrow(TypeError)
})
