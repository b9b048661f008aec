import { REQUEST_BYTES_DEFAULT, REQUEST_BYTES_FILE_DEFAULT, TIMEOUT_MS_DEFAULT } from '@sallyport/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pipelineSpec } from './pipeline-spec.ts'
import { parseRequest } from '../requests/request-problems.ts'

const STEPS = [{ respond: {} }]

function problemsOf(spec: unknown): Record<string, string> {
  const parsed = parseRequest(pipelineSpec, spec)
  return parsed.ok ? {} : Object.fromEntries(parsed.problems.map(({ path, message }) => [path, message]))
}

function draftOf(spec: unknown) {
  const parsed = parseRequest(pipelineSpec, spec)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return parsed.value
}

function withTrigger(trigger: Readonly<Record<string, unknown>>): unknown {
  return { trigger: { kind: 'rest', ...trigger }, steps: STEPS }
}

test('an optional API key stands alone', () => {
  expect(draftOf(withTrigger({ authentication: { apiKey: 'optional' } })).trigger.authentication).toEqual({
    apiKey: false,
    apiKeyOptional: true,
    jwt: false,
    basic: false,
  })
  for (const other of [{ jwt: true }, { basic: true }]) {
    expect(problemsOf(withTrigger({ authentication: { apiKey: 'optional', ...other } }))).toEqual({
      '/trigger/authentication/apiKey': expect.stringMatching(/no other credential is required/) as string,
    })
  }
  expect(problemsOf(withTrigger({ authentication: { apiKey: 'maybe' } }))).toEqual({
    '/trigger/authentication/apiKey': 'Use true, false or "optional".',
  })
})

test('fills in every default', () => {
  expect(draftOf({ trigger: { kind: 'rest' }, steps: STEPS })).toEqual({
    trigger: {
      kind: 'rest',
      path: null,
      routes: [],
      methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
      authentication: { apiKey: false, jwt: false, basic: false },
      acceptsPublicKeys: false,
      encodedSlashes: 'refuse',
      trailingSlash: 'exact',
      apiKeyInQuery: false,
      login: false,
      cors: null,
      requestBytesMax: REQUEST_BYTES_DEFAULT,
      timeoutMs: TIMEOUT_MS_DEFAULT,
      rateLimits: [],
      responseHeaders: {},
      sendLabels: false,
      schedule: null,
    },
    steps: [{ kind: 'respond', status: null, headers: {} }],
  })
  expect(draftOf({ trigger: { kind: 'http-file' }, steps: STEPS }).trigger.requestBytesMax).toBe(
    REQUEST_BYTES_FILE_DEFAULT,
  )
})

test('keeps every given value', () => {
  const draft = draftOf({
    trigger: {
      kind: 'http',
      path: '/orders/:id',
      routes: ['/files/*'],
      methods: ['GET'],
      authentication: { apiKey: true },
      encodedSlashes: 'allow',
      cors: { origins: ['https://app.example.com'], headers: ['X-Trace'], credentials: true },
      limits: { requestBytes: 10, timeoutMs: 900_000 },
      rateLimits: [{ requests: 100, per: 'minute', by: 'consumer' }],
      responseHeaders: { 'Cache-Control': 'no-store' },
    },
    steps: [
      { proxy: { url: 'http://orders.internal:9000/orders/{id}', headers: { 'X-A': 'b' }, timeoutMs: 5 } },
    ],
  })
  expect(draft).toMatchObject({
    trigger: {
      path: '/orders/:id',
      routes: ['/files/*'],
      authentication: { apiKey: true, jwt: false, basic: false },
      encodedSlashes: 'allow',
      cors: { origins: ['https://app.example.com'], headers: ['X-Trace'], credentials: true },
      requestBytesMax: 10,
      timeoutMs: 900_000,
      responseHeaders: { 'cache-control': 'no-store' },
    },
    steps: [
      {
        kind: 'proxy',
        url: 'http://orders.internal:9000/orders/{id}',
        headers: { 'x-a': 'b' },
        timeoutMs: 5,
      },
    ],
  })
})

test('rejects fields of exposing triggers for a schedule', () => {
  const schedule = '*/5 * * * *'
  expect(draftOf({ trigger: { kind: 'schedule', schedule }, steps: STEPS }).trigger).toMatchObject({
    kind: 'schedule',
    schedule,
    timeZone: 'UTC',
    overlap: 'forbid',
    catchUp: 'none',
    path: null,
    methods: [],
  })
  expect(
    Object.keys(
      problemsOf({ trigger: { kind: 'schedule', schedule, path: '/a', login: true }, steps: STEPS }),
    ),
  ).toEqual(['/trigger/path', '/trigger/login'])
  expect(Object.keys(problemsOf(withTrigger({ schedule })))).toEqual(['/trigger/schedule'])
  expect(problemsOf(withTrigger({ timeZone: 'UTC', catchUp: 'one' }))).toEqual({
    '/trigger/timeZone': 'Only a trigger of kind schedule has timeZone, catchUp.',
    '/trigger/catchUp': 'Only a trigger of kind schedule has timeZone, catchUp.',
  })
  expect(Object.keys(problemsOf({ trigger: { kind: 'schedule' }, steps: STEPS }))).toEqual([
    '/trigger/schedule',
  ])
})

test.each<[string, Record<string, unknown>, string, RegExp]>([
  ['a schedule that never comes', { schedule: '0 0 30 2 *' }, '/trigger/schedule', /never comes/],
  ['a field out of range', { schedule: '61 * * * *' }, '/trigger/schedule', /The minute "61"/],
  ['syntax of other crons', { schedule: '0 0 L * *' }, '/trigger/schedule', /day of the month "l"/],
  ['an unknown time zone', { timeZone: 'Europe/Bonn' }, '/trigger/timeZone', /IANA/],
  ['an offset as time zone', { timeZone: '+02:00' }, '/trigger/timeZone', /IANA/],
  ['an unknown overlap', { overlap: 'queue' }, '/trigger/overlap', /forbid/],
  ['an unknown catch-up', { catchUp: 'all' }, '/trigger/catchUp', /none/],
])('rejects %s at its place', (_name, fields, place, message) => {
  const valid = { kind: 'schedule', schedule: '0 0 31 2 5', timeZone: 'Europe/Berlin' }
  expect(problemsOf({ trigger: valid, steps: STEPS })).toEqual({})
  expect(problemsOf({ trigger: { ...valid, ...fields }, steps: STEPS })).toEqual({
    [place]: expect.stringMatching(message),
  })
})

test.each<[string, Record<string, unknown>, Record<string, unknown>, string]>([
  ['kind', { kind: 'rest' }, { kind: 'soap' }, '/trigger/kind'],
  ['path', { path: '/a' }, { path: 'a' }, '/trigger/path'],
  [
    'routes',
    { routes: ['/a', { path: '/b', methods: ['GET'] }] },
    { routes: ['/a', { path: '/b', methods: [] }] },
    '/trigger/routes/1/methods',
  ],
  [
    'routes',
    { routes: [{ path: '/b', methods: ['GET'] }] },
    { routes: [{ path: '/b' }] },
    '/trigger/routes/0/methods',
  ],
  ['trailingSlash', { trailingSlash: 'optional' }, { trailingSlash: true }, '/trigger/trailingSlash'],
  ['routes', { routes: ['/a'] }, { routes: ['/a', '/b//'] }, '/trigger/routes/1'],
  ['methods', { methods: ['HEAD'] }, { methods: ['TRACE'] }, '/trigger/methods/0'],
  ['methods', { methods: ['GET'] }, { methods: [] }, '/trigger/methods'],
  ['methods', { methods: ['GET', 'PUT'] }, { methods: ['GET', 'GET'] }, '/trigger/methods'],
  [
    'authentication',
    { authentication: { jwt: true } },
    { authentication: { oauth: true } },
    '/trigger/authentication/oauth',
  ],
  ['login', { login: true }, { login: 'yes' }, '/trigger/login'],
  [
    'bytes',
    { limits: { requestBytes: 104_857_600 } },
    { limits: { requestBytes: 104_857_601 } },
    '/trigger/limits/requestBytes',
  ],
  [
    'bytes',
    { limits: { requestBytes: 0 } },
    { limits: { requestBytes: -1 } },
    '/trigger/limits/requestBytes',
  ],
  [
    'timeout',
    { limits: { timeoutMs: 900_000 } },
    { limits: { timeoutMs: 900_001 } },
    '/trigger/limits/timeoutMs',
  ],
  [
    'origin',
    { cors: { origins: ['*'] } },
    { cors: { origins: ['https://a.example/'] } },
    '/trigger/cors/origins/0',
  ],
  [
    'origins',
    { cors: { origins: ['https://a.example'] } },
    { cors: { origins: ['*', 'https://a.example'] } },
    '/trigger/cors/origins',
  ],
  [
    'origin with its port',
    { cors: { origins: ['https://a.example:444'] } },
    { cors: { origins: ['https://a.example:443'] } },
    '/trigger/cors/origins/0',
  ],
  [
    'headers of CORS',
    { responseHeaders: { 'Access-Control-Allow-Origin': '*' } },
    { cors: { origins: ['*'] }, responseHeaders: { 'Access-Control-Allow-Origin': '*' } },
    '/trigger/responseHeaders/access-control-allow-origin',
  ],
  [
    'credentials',
    { cors: { origins: ['https://a.example'], credentials: true } },
    { cors: { origins: ['*'], credentials: true } },
    '/trigger/cors/credentials',
  ],
  [
    'any header',
    { cors: { origins: ['https://a.example'], headers: ['*'] } },
    { cors: { origins: ['https://a.example'], headers: ['x-a', '*'], credentials: true } },
    '/trigger/cors/headers/1',
  ],
  [
    'rate',
    { rateLimits: [{ requests: 1, per: 'month' }] },
    { rateLimits: [{ requests: 1, per: 'year' }] },
    '/trigger/rateLimits/0/per',
  ],
  [
    'a header name',
    { responseHeaders: { 'x-a': 'b' } },
    { responseHeaders: { 'x a': 'b' } },
    '/trigger/responseHeaders/x a',
  ],
  [
    'a header value',
    { responseHeaders: { 'x-a': 'b c' } },
    { responseHeaders: { 'x-a': 'b\r\nc: d' } },
    '/trigger/responseHeaders/x-a',
  ],
  [
    'a header of the gateway',
    { responseHeaders: { 'x-sally': 'b' } },
    { responseHeaders: { 'X-Sallyport-Key': 'b' } },
    '/trigger/responseHeaders/X-Sallyport-Key',
  ],
  [
    'a header of the connection',
    { responseHeaders: { 'content-type': 'b' } },
    { responseHeaders: { 'Content-Length': '1' } },
    '/trigger/responseHeaders/Content-Length',
  ],
  [
    'a header twice',
    { responseHeaders: { a: '1', b: '2' } },
    { responseHeaders: { a: '1', A: '2' } },
    '/trigger/responseHeaders/A',
  ],
])('%s accepts %j and rejects %j', (_name, right, wrong, path) => {
  expect(problemsOf(withTrigger(right))).toEqual({})
  expect(Object.keys(problemsOf(withTrigger(wrong)))).toEqual([path])
})

test('names the kinds of a trigger if there is no such kind', () => {
  const kinds = 'Use "rest", "http", "http-file" or "schedule".'
  expect(problemsOf(withTrigger({ kind: 'https' }))).toEqual({ '/trigger/kind': kinds })
  expect(problemsOf({ trigger: {}, steps: STEPS })).toEqual({ '/trigger/kind': kinds })
})

test('lists every problem at once', () => {
  expect(
    Object.keys(
      problemsOf({
        trigger: { kind: 'rest', path: 'a', methods: ['GETT'], limits: { timeoutMs: 0 }, colour: 1 },
        steps: [{ proxy: {} }, { reply: {} }, { assert: { that: '' } }],
        version: 2,
      }),
    ),
  ).toEqual([
    '/trigger/path',
    '/trigger/methods/0',
    '/trigger/limits/timeoutMs',
    '/trigger/colour',
    '/steps/0/proxy/url',
    '/steps/1/reply',
    '/steps/2/assert/that',
    '/steps/2/assert/status',
    '/steps/2/assert/code',
    '/steps/2/assert/detail',
    '/version',
  ])
})

test('limits the number of listed problems', () => {
  const many = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`field${index}`, 1]))
  const parsed = parseRequest(pipelineSpec, { trigger: { kind: 'rest' }, steps: STEPS, ...many })
  expect(parsed.ok ? 0 : parsed.problems.length).toBe(100)
})

test('parses arbitrary JSON without throwing', () => {
  const names = [
    'kind',
    'path',
    'limits',
    'cors',
    'origins',
    'rateLimits',
    'responseHeaders',
    'schedule',
    'proxy',
    'call',
    'transform',
    'assert',
    'credentials.verify',
    'jwt.generate',
    'claims',
    'scopes',
    'expiresIn',
    'jwt.decode',
    'body',
  ]
  const values = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom<unknown>(null, true, 0, -1, 1.5, '', '*', 'rest', 'schedule', '/a', 'GET'),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...names, 'respond', 'url', 'headers', 'status'), tie('value'), {
        maxKeys: 4,
      }),
    ),
  })).value
  fc.assert(
    fc.property(fc.record({ trigger: values, steps: fc.array(values, { maxLength: 3 }) }), (spec) => {
      expect(typeof parseRequest(pipelineSpec, spec).ok).toBe('boolean')
    }),
    { numRuns: 2000 },
  )
})

test.each<[object, string, RegExp]>([
  [{ maxAge: 86_401 }, '/trigger/cors/maxAge', /^Send at most 86400/],
  [{ maxAge: -1 }, '/trigger/cors/maxAge', /^Send at least 0/],
  [{ maxAge: 1.5 }, '/trigger/cors/maxAge', /^Send a whole number/],
  [{ exposedHeaders: ['a b'] }, '/trigger/cors/exposedHeaders/0', /^A header name consists/],
  [{ exposedHeaders: ['x-a', '*'], credentials: true }, '/trigger/cors/exposedHeaders/1', /exposes none/],
  [{ origins: ['https://*.com'] }, '/trigger/cors/origins/0', /^Use a pattern such as/],
  [{ origins: ['*', 'https://*.example.com'] }, '/trigger/cors/origins', /^"\*" must be the only origin/],
])('cors with %j is refused', (fields, path, message) => {
  const cors = { origins: ['https://app.example.com'], ...fields }
  const parsed = parseRequest(pipelineSpec, withTrigger({ cors }))
  expect(parsed).toEqual({
    ok: false,
    problems: [{ path, message: expect.stringMatching(message) as string }],
  })
})

test('hosts are kept as they are, and left out without any', () => {
  const hosts = ['orders.example.com', '*.shops.example.com', 'xn--bcher-kva.example']
  const triggerWith = (fields: Record<string, unknown>) => draftOf(withTrigger(fields)).trigger
  expect(triggerWith({ hosts }).hosts).toEqual(hosts)
  expect(triggerWith({})).not.toHaveProperty('hosts')
})

const ROUTES = Array.from({ length: 499 }, (_, index) => `/r${index}`)
const FOUR_HOSTS = ['a.example', 'b.example', 'c.example', 'd.example']

test.each<[Record<string, unknown>, string, RegExp]>([
  [{ hosts: [] }, '/trigger/hosts', /^List at least one host, or leave out hosts/],
  [{ hosts: ['a.example', 'a.example'] }, '/trigger/hosts', /^A host is listed twice/],
  [{ hosts: 'a.example' }, '/trigger/hosts', /^Send an array/],
  [{ hosts: ['a.example', 'A.example'] }, '/trigger/hosts/1', /^Write this host as a\.example:/],
  [{ hosts: ['a.example:443'] }, '/trigger/hosts/0', /^Write this host as a\.example:/],
  [{ hosts: ['*.com'] }, '/trigger/hosts/0', /^A pattern has one/],
  [{ hosts: ['[::1]'] }, '/trigger/hosts/0', /^Use a host name/],
  [{ hosts: ['{vars.HOST}'] }, '/trigger/hosts/0', /^Use a host name/],
  [{ hosts: [''] }, '/trigger/hosts/0', /^Use a host name/],
  [{ hosts: Array.from({ length: 11 }, (_, index) => `h${index}.example`) }, '/trigger/hosts', /10/],
  [{ hosts: [...FOUR_HOSTS, 'e.example'], routes: ROUTES }, '/trigger/hosts', /^The trigger has 2500 routes/],
  [{ hosts: FOUR_HOSTS, routes: ROUTES, trailingSlash: 'optional' }, '/trigger/hosts', /has 4000 routes/],
])('hosts are refused: %#', (fields, path, message) => {
  expect(problemsOf(withTrigger({ hosts: FOUR_HOSTS, routes: ROUTES }))).toEqual({})
  expect(problemsOf(withTrigger(fields))).toEqual({ [path]: expect.stringMatching(message) as string })
})

test('a schedule has no hosts', () => {
  const trigger = { kind: 'schedule', schedule: '0 * * * *', hosts: ['a.example'] }
  expect(Object.keys(problemsOf({ trigger, steps: STEPS }))).toEqual(['/trigger/hosts'])
})
