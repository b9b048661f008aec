import type { FeedRecord, RequestRules, Step, Trigger } from '@sallyport/core'
import { afterAll, expect, test } from 'vitest'
import { startEchoUpstream } from '../../../../test/support/upstream.ts'
import { RawConnection } from './testing/raw-connection.ts'
import { ACME, makeKey, proxyTo, startWith } from './testing/started-gateway.ts'
import { pipeline, respondWith, transform } from './testing/step-fixtures.ts'

const upstream = await startEchoUpstream()
const key = makeKey()

const ORDER: RequestRules = {
  body: {
    type: 'object',
    required: ['sku', 'count'],
    properties: {
      sku: { type: 'string', pattern: '^[A-Z]{2}-\\d+$' },
      count: { type: 'integer', minimum: 1 },
    },
    additionalProperties: false,
  },
  query: {
    properties: {
      limit: { type: 'integer', maximum: 100 },
      dry: { type: 'boolean' },
      tag: { type: 'array', items: { enum: ['a', 'b'] }, maxItems: 2 },
      text: { type: 'string' },
    },
    additionalProperties: false,
  },
  params: { properties: { id: { type: 'integer' } } },
}

function valid(
  name: string,
  request: RequestRules,
  steps: Step | readonly Step[],
  fields: Partial<Trigger> = {},
) {
  return pipeline(name, steps, {
    paths: [`/${name}/:id`],
    methods: ['GET', 'POST', 'DELETE'],
    request,
    ...fields,
  })
}

const proxy = proxyTo(`${upstream.url}/up/{id}`)
const RECORDS: readonly FeedRecord[] = [
  ...ACME,
  key.record,
  valid('streamed', ORDER, proxy),
  valid('fixed', ORDER, respondWith({ body: { fixed: true } })),
  valid('steps', ORDER, [transform({ body: '{"seen": body}' })]),
  valid('before', ORDER, [transform({ headers: { 'x-a': '"b"' } }), proxy]),
  valid('keyed', ORDER, proxy, {
    authentication: { apiKey: true, jwt: false, basic: false },
    apiKeyInQuery: true,
  }),
  valid('limited', ORDER, proxy, {
    authentication: { apiKey: true, jwt: false, basic: false },
    rateLimits: [{ requests: 2, per: 'day', by: 'consumer' }],
  }),
  valid('small', ORDER, proxy, { requestBytesMax: 60 }),
  valid('types', { contentTypes: ['text/plain', 'image/*'] }, proxy, { kind: 'http-file' }),
  valid('text', { body: { type: 'string', maxLength: 5 }, contentTypes: ['text/plain'] }, proxy),
  valid('rest', { query: { maxProperties: 0 } }, proxy, { kind: 'rest' }),
  valid('routed', { query: { maxProperties: 0 } }, proxyTo(`${upstream.url}/{path}`), {
    paths: ['/routed', '/routed/:id', '/routed-free'],
    methods: ['GET', 'POST', 'PUT', 'DELETE'],
    routeMethods: {
      '/routed': ['GET', 'POST', 'PUT'],
      '/routed/:id': ['GET', 'POST'],
      '/routed-free': ['GET', 'POST'],
    },
    writtenRoutes: [
      { path: '/routed', methods: ['GET'] },
      { path: '/routed', methods: ['POST'], request: { body: ORDER.body ?? true } },
      { path: '/routed', methods: ['PUT'], request: { contentTypes: ['text/plain'] } },
      { path: '/routed/:id', methods: ['GET', 'POST'], request: { params: ORDER.params ?? true } },
      { path: '/routed-free', methods: ['GET', 'POST'], request: {} },
    ],
    trailingSlash: 'optional',
  }),
  valid(
    'shared',
    {
      body: { $ref: '#/$defs/Tree' },
      query: { $ref: '#/$defs/Page' },
      params: { properties: { id: { $ref: '#/$defs/Id' } } },
    },
    proxy,
    {
      schemas: {
        Tree: {
          required: ['id'],
          properties: { id: { $ref: '#/$defs/Id' }, below: { items: { $ref: '#/$defs/Tree' } } },
        },
        Page: {
          properties: {
            page: { $ref: '#/$defs/Id' },
            of: { $ref: '#/$defs/Own' },
            part: { $ref: '#/$defs/Tree/properties/id' },
            own: { $ref: '#/$defs/Own/items' },
          },
        },
        Own: { $defs: { Id: { type: 'boolean' } }, type: 'array', items: { $ref: '#/$defs/Id' } },
        Id: { type: 'integer' },
      },
    },
  ),
  valid('broken-shared', { query: { $ref: '#/$defs/A' } }, proxy, { schemas: { A: { type: 'strin' } } }),
  valid('broken', { body: { type: 'strin' }, query: { type: 'strin' } }, proxy),
]
const gateway = await startWith(RECORDS)

afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
  await upstream[Symbol.asyncDispose]()
})

interface Answer {
  readonly status: number
  readonly body: unknown
}

async function call(
  path: string,
  body?: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const response = await fetch(`${gateway.url}/acme/prod${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body }),
  })
  return { status: response.status, body: await response.json() }
}

function invalid(errors: readonly object[]): object {
  return {
    status: 400,
    body: {
      code: 'invalid_request',
      detail: 'Correct the fields listed in `errors` and send the request again.',
      errors,
    },
  }
}

const BAD = '{"sku":"ab","count":0,"x":1}'
const BODY_ERRORS = [
  { in: 'body', path: '/sku', message: 'Send a text that matches `^[A-Z]{2}-\\d+$`.' },
  { in: 'body', path: '/count', message: 'Send a number of at least 1.' },
  { in: 'body', path: '/x', message: 'This field is unknown.' },
]

test.each(['streamed', 'fixed', 'steps', 'before'])(
  '%s: every error of the body is there at once',
  async (name) => {
    expect(await call(`/${name}/7`, BAD)).toMatchObject(invalid(BODY_ERRORS))
    expect(await call(`/${name}/7`, '{"sku":"AB-1","count":2}')).toMatchObject({ status: 200 })
    expect(await call(`/${name}/7`, '{"sku":"AB-1","count":2,"count":3}')).toMatchObject({ status: 400 })
  },
)

test('a valid body reaches the upstream byte for byte', async () => {
  const body = '{ "count" : 1.0e0,\n"sku":"AB-\\u0031" }'
  for (const name of ['streamed', 'before']) {
    expect(await call(`/${name}/7?dry=true`, body)).toMatchObject({
      status: 200,
      body: { method: 'POST', url: '/up/7?dry=true', body },
    })
  }
})

test('values of the query and the path have the types that the schema states', async () => {
  expect(await call('/streamed/x?limit=1e3&dry=yes&tag=a&tag=c&tag=b&other=1')).toMatchObject(
    invalid([
      { in: 'path', path: '/id', message: 'Send a whole number.' },
      { in: 'query', path: '/limit', message: 'Send a number of at most 100.' },
      { in: 'query', path: '/dry', message: 'Send `true` or `false`.' },
      { in: 'query', path: '/tag/1', message: 'Send "a" or "b".' },
      { in: 'query', path: '/tag', message: 'Send at most 2 items.' },
      { in: 'query', path: '/other', message: 'This field is unknown.' },
    ]),
  )
  for (const query of [
    'limit=7',
    'dry=false',
    'tag=a',
    'tag=b&tag=a',
    'text=7',
    'text=true',
    '%6cimit=7',
    '',
  ]) {
    expect(await call(`/streamed/7?${query}`)).toMatchObject({ status: 200 })
  }
})

test('a parameter that is sent twice is no single value, whichever one a server reads', async () => {
  for (const query of ['limit=1&limit=2', 'limit=1&%6Cimit=1000', 'text=a&text=b', 'dry=true&dry=true']) {
    expect(await call(`/streamed/7?${query}`)).toMatchObject({ status: 400 })
  }
})

test.each([
  'limit=',
  'limit=0x10',
  'limit=%2B1',
  'limit=1_0',
  'limit=Infinity',
  'limit=%E0%A5%A7',
  'limit[]=1',
  'dry=TRUE',
  'dry=1',
  '__proto__=1',
  'limit=1%20',
])('the query %s is refused', async (query) => {
  expect(await call(`/streamed/7?${query}`)).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
})

test('a method that has a body must have the one that the schema describes', async () => {
  const empty = { method: 'POST', headers: { 'content-type': 'application/json' } }
  for (const name of ['streamed', 'fixed', 'steps', 'before']) {
    const response = await fetch(`${gateway.url}/acme/prod/${name}/7`, empty)
    expect({ status: response.status, body: await response.json() }).toMatchObject(
      invalid([{ in: 'body', path: '', message: 'Send an object.' }]),
    )
    expect(await call(`/${name}/7`)).toMatchObject({ status: 200 })
    const deleted = await fetch(`${gateway.url}/acme/prod/${name}/7`, { ...empty, method: 'DELETE' })
    expect(deleted.status).toBe(200)
    const withBody = await fetch(`${gateway.url}/acme/prod/${name}/7`, {
      ...empty,
      method: 'DELETE',
      body: '{}',
    })
    expect(withBody.status).toBe(400)
  }
})

test.each([
  ['text/plain', BAD],
  ['application/x-www-form-urlencoded', 'sku=1'],
  ['application/octet-stream', BAD],
  ['application/json, text/plain', BAD],
])('a body of %s cannot pass by a schema', async (type, body) => {
  for (const name of ['streamed', 'fixed', 'steps', 'before']) {
    expect(await call(`/${name}/7`, body, { 'content-type': type })).toMatchObject({
      status: 415,
      body: { code: 'unsupported_media_type' },
    })
  }
})

test('a compressed body, and one with two types, cannot pass by a schema', async () => {
  expect(await call('/streamed/7', BAD, { 'content-encoding': 'gzip' })).toMatchObject({ status: 415 })
  expect(
    await call('/text/7', 'longer than five', { 'content-type': 'text/plain', 'content-encoding': 'br' }),
  ).toMatchObject({
    status: 415,
  })
  const head = 'POST /acme/prod/streamed/7 HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: 2\r\n'
  const two = await RawConnection.exchange(
    gateway.gateway.port,
    `${head}content-type: application/json\r\ncontent-type: text/plain\r\n\r\n{}`,
  )
  expect(two).toContain(' 415 ')
})

test('content types hold for every kind of trigger', async () => {
  for (const type of ['text/plain; charset=utf-8', 'TEXT/Plain', 'image/png']) {
    expect(await call('/types/7', 'x', { 'content-type': type })).toMatchObject({ status: 200 })
  }
  for (const type of ['text/html', 'imagex/png', 'image', 'text/plain+json', '']) {
    expect(await call('/types/7', 'x', { 'content-type': type })).toMatchObject({ status: 415 })
  }
  expect(await call('/types/7')).toMatchObject({ status: 200 })
  expect(await call('/text/7', 'abcde', { 'content-type': 'text/plain' })).toMatchObject({ status: 200 })
  expect(await call('/text/7', 'abcdef', { 'content-type': 'text/plain' })).toMatchObject(
    invalid([{ in: 'body', path: '', message: 'Send at most 5 characters.' }]),
  )
  expect(await call('/text/7', '"a"')).toMatchObject({ status: 415 })
  expect(await call('/rest/7?a=1', '{}')).toMatchObject({ status: 400 })
  expect(await call('/rest/7', '{}')).toMatchObject({ status: 200 })
})

test('a body in chunks is checked like any other', async () => {
  const head = (type: string): string =>
    `POST /acme/prod/streamed/7 HTTP/1.1\r\nhost: a\r\nconnection: close\r\ntransfer-encoding: chunked\r\ncontent-type: ${type}\r\n\r\n`
  const chunks = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`
  const { port } = gateway.gateway
  expect(await RawConnection.exchange(port, head('application/json') + chunks(BAD))).toContain(
    '"path":"/count"',
  )
  expect(await RawConnection.exchange(port, head('text/plain') + chunks(BAD))).toContain(' 415 ')
  expect(await RawConnection.exchange(port, `${head('application/json')}0\r\n\r\n`)).toContain(
    'Send an object.',
  )
  const valid2 = '{"sku":"AB-1","count":2}'
  expect(await RawConnection.exchange(port, head('application/json') + chunks(valid2))).toContain(' 200 ')
})

test('the size of the body is limited as before', async () => {
  const long = JSON.stringify({ sku: `AB-${'1'.repeat(60)}`, count: 1 })
  expect(await call('/small/7', long)).toMatchObject({
    status: 413,
    body: { code: 'too_large', limitBytes: 60 },
  })
})

test('a caller without a valid credential learns nothing of the rules', async () => {
  expect(await call('/keyed/x?limit=x', BAD)).toMatchObject({ status: 401 })
  expect(await call(`/keyed/7?limit=x&apikey=${key.token}`, BAD)).toMatchObject({
    status: 400,
    body: { errors: [{ in: 'query', path: '/limit' }] },
  })
  // The key is no parameter of the query.
  expect(await call(`/keyed/7?limit=7&apikey=${key.token}`)).toMatchObject({ status: 200 })
})

test('requests that are not valid count for rate limits', async () => {
  const headers = { 'x-api-key': key.token }
  expect(await call('/limited/7', BAD, headers)).toMatchObject({ status: 400 })
  expect(await call('/limited/x', undefined, headers)).toMatchObject({ status: 400 })
  expect(await call('/limited/7', BAD, headers)).toMatchObject({ status: 429 })
})

test('/authz checks the path and the query, with a short answer', async () => {
  const ask = async (uri: string): Promise<Response> =>
    await fetch(`${gateway.url}/authz`, {
      headers: { 'x-original-method': 'POST', 'x-original-url': `/acme/prod${uri}` },
    })
  expect((await ask('/streamed/7?limit=7')).status).toBe(200)
  const refused = await ask(`/streamed/x?${'n'.repeat(500)}=1&a=1&b=1&c=1&d=1&e=1`)
  expect(refused.status).toBe(400)
  const body = (await refused.json()) as { readonly errors: readonly object[] }
  expect(body.errors).toHaveLength(5)
  expect(body.errors[0]).toEqual({ in: 'path', path: '/id', message: 'Send a whole number.' })
  expect(body.errors[1]).toEqual({ in: 'query', path: '', message: 'This field is unknown.' })
})

test('each route and method has its own rules, or else those of the trigger', async () => {
  const send = async (
    method: string,
    path: string,
    body?: string,
    type = 'application/json',
  ): Promise<number> =>
    (
      await fetch(`${gateway.url}/acme/prod${path}`, {
        method,
        headers: { 'content-type': type },
        ...(body !== undefined && { body }),
      })
    ).status
  expect(await send('GET', '/routed')).toBe(200)
  expect(await send('GET', '/routed?a=1')).toBe(400)
  expect(await send('HEAD', '/routed?a=1')).toBe(400)
  expect(await send('GET', '/routed/?a=1')).toBe(400)
  expect(await call('/routed', BAD)).toMatchObject(invalid(BODY_ERRORS))
  expect(await call('/routed/', BAD)).toMatchObject(invalid(BODY_ERRORS))
  expect(await send('POST', '/routed', BAD, 'text/plain')).toBe(415)
  expect(await call('/routed?a=1', '{"sku":"AB-1","count":2}')).toMatchObject({
    status: 200,
    body: { method: 'POST', url: '/routed?a=1', body: '{"sku":"AB-1","count":2}' },
  })
  expect(await send('PUT', '/routed', BAD, 'text/plain')).toBe(200)
  expect(await send('PUT', '/routed', BAD)).toBe(415)
  expect(await send('GET', '/routed/7?a=1')).toBe(200)
  expect(await send('HEAD', '/routed/x')).toBe(400)
  expect(await send('POST', '/routed/x', 'anything', 'text/plain')).toBe(400)
  expect(await send('POST', '/routed/7', 'anything', 'text/plain')).toBe(200)
  expect(await send('POST', '/routed-free?a=1', 'anything', 'text/plain')).toBe(200)
})

test('/authz takes the rules of the method that is asked for', async () => {
  const ask = async (method: string, uri: string): Promise<number> => {
    const headers = { 'x-original-method': method, 'x-original-url': `/acme/prod${uri}` }
    return (await fetch(`${gateway.url}/authz`, { headers })).status
  }
  expect(await ask('GET', '/routed?a=1')).toBe(400)
  expect(await ask('HEAD', '/routed?a=1')).toBe(400)
  expect(await ask('POST', '/routed?a=1')).toBe(200)
  expect(await ask('POST', '/routed/x')).toBe(400)
})

test('shared schemas hold for bodies, queries and parameters', async () => {
  const wrong = '{"id":1,"below":[{"id":2,"below":[{"id":"3"},{}]}]}'
  expect(await call('/shared/7', wrong)).toMatchObject(
    invalid([
      { in: 'body', path: '/below/0/below/0/id', message: 'Send a whole number.' },
      { in: 'body', path: '/below/0/below/1/id', message: 'This field is required.' },
    ]),
  )
  expect(await call('/shared/7?page=2&of=true', '{"id":1,"below":[]}')).toMatchObject({ status: 200 })
  expect(await call('/shared/7?part=2&own=true', '{"id":1}')).toMatchObject({ status: 200 })
  expect(await call('/shared/7?part=x&own=7', '{"id":1}')).toMatchObject(
    invalid([
      { in: 'query', path: '/part', message: 'Send a whole number.' },
      { in: 'query', path: '/own', message: 'Send `true` or `false`.' },
    ]),
  )
  expect(await call('/shared/x?page=x&of=2')).toMatchObject(
    invalid([
      { in: 'path', path: '/id', message: 'Send a whole number.' },
      { in: 'query', path: '/page', message: 'Send a whole number.' },
      { in: 'query', path: '/of/0', message: 'Send `true` or `false`.' },
    ]),
  )
})

test('a schema that cannot be compiled lets nothing through', async () => {
  expect(await call('/broken-shared/7')).toMatchObject({ status: 500, body: { code: 'internal' } })
  expect(await call('/broken/7')).toMatchObject({ status: 500, body: { code: 'internal' } })
  const asked = await fetch(`${gateway.url}/authz`, {
    headers: { 'x-original-method': 'GET', 'x-original-url': '/acme/prod/broken/7' },
  })
  expect(asked.status).toBe(500)
})
