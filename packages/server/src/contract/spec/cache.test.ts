import { CACHE_HEADERS_DEFAULT } from '@sallyport/core'
import { expect, test } from 'vitest'
import { parseRequest } from '../requests/request-problems.ts'
import { steps } from './steps.ts'

function parsed(cache: unknown, fields: object = {}) {
  return parseRequest(steps, [{ proxy: { url: 'https://a.example.com/orders', ...fields, cache } }])
}

test('a cache has defaults, and is absent unless it is asked for', () => {
  const defaults = { seconds: 0, isShared: false, headers: CACHE_HEADERS_DEFAULT }
  expect(parsed({})).toMatchObject({ ok: true, value: [{ cache: defaults }] })
  expect(parsed({ shared: true, seconds: 9, headers: ['X-Tenant'] })).toMatchObject({
    ok: true,
    value: [{ cache: { seconds: 9, isShared: true, headers: ['x-tenant'] } }],
  })
  const without = parsed(undefined)
  expect(without.ok && without.value.some((step) => 'cache' in step)).toBe(false)
})

test('a cache of its own may depend on the caller', () => {
  const headers = { 'x-a': '{auth.consumer}', 'x-b': { by: 'consumer', values: { shop: '1' } } }
  expect(parsed({}, { headers }).ok).toBe(true)
})

const SHARED = { shared: true }
const TARGETS = [
  { origin: 'https://a.example.com' },
  { origin: 'https://b.example.com', when: { consumers: ['shop'] } },
]

test.each<[unknown, object, string, RegExp]>([
  [true, {}, '', /./],
  [{ seconds: -1 }, {}, '/seconds', /./],
  [{ seconds: 31_536_001 }, {}, '/seconds', /./],
  [{ ttl: 9 }, {}, '/ttl', /./],
  [{ headers: ['a', 'A'] }, {}, '/headers', /listed twice/],
  [{ headers: ['a b'] }, {}, '/headers/0', /^A header name consists of/],
  [{ headers: ['accept', 'x-api-key'] }, {}, '/headers/1', /does not pass on/],
  [{ headers: ['X-Sallyport-Key'] }, {}, '/headers/0', /does not pass on/],
  [{ headers: ['host'] }, {}, '/headers/0', /does not pass on/],
  ...[
    'X-Request-Id',
    'x_request_id',
    'x-forwarded-for',
    'X-Forwarded-Host',
    'x-forwarded-proto',
    'via',
    'content-length',
    'te',
    'proxy-authorization',
    'traceparent',
    'x-original-url',
    'x-http-method-override',
    'x_sallyport_key',
    'authorization',
  ].map((name): [unknown, object, string, RegExp] => [
    { headers: [name] },
    {},
    '/headers/0',
    /as the caller sent it.*Remove it here\.$/,
  ]),
  [{ headers: ['Range'] }, {}, '/headers/0', /cache itself answers/],
  [{ headers: ['if-none-match'] }, {}, '/headers/0', /cache itself answers/],
])('%j with %j is refused', (cache, fields, path, message) => {
  expect(parsed(cache, fields)).toMatchObject({
    ok: false,
    problems: [{ path: `/0/proxy/cache${path}`, message: expect.stringMatching(message) as string }],
  })
})

test.each<[object, string]>([
  [{ headers: { 'x-a': 'a {auth.claims.sub}' } }, '/headers/x-a'],
  [{ headers: { 'x-a': { by: 'key', values: { k: '1' } } } }, '/headers/x-a'],
  [{ targets: TARGETS }, '/targets/1/when/consumers'],
])('a shared one is refused with %j', (fields, path) => {
  expect(parsed(SHARED, fields)).toEqual({
    ok: false,
    problems: [
      {
        path: `/0/proxy${path}`,
        message: 'Callers share the responses, so none may depend on the caller. Remove this, or `shared`.',
      },
    ],
  })
})
