import { describe, expect, test } from 'vitest'
import { isAuthz, readDescription } from './authz-description.ts'

/** A request to the authorization endpoint. */
function ask(url: string, headers: Record<string, string> = {}, method = 'GET') {
  return { url, method, headers: { host: 'sallyport', ...headers } }
}

const ORIGINAL = { 'x-original-method': 'POST', 'x-original-url': '/acme/prod/a?b' }
const FORWARDED = { 'x-forwarded-method': 'POST', 'x-forwarded-uri': '/acme/prod/a?b' }
const DESCRIBED = { method: 'POST', target: '/acme/prod/a?b', host: 'sallyport' }

describe('A description', () => {
  test.each([
    ['nginx', ask('/authz', ORIGINAL), DESCRIBED],
    [
      'ingress-nginx',
      ask('/authz', { ...ORIGINAL, 'x-original-url': 'https://api.example:444/a?b' }),
      { method: 'POST', target: '/a?b', host: 'api.example:444' },
    ],
    [
      'ingress-nginx at the root',
      ask('/authz', { ...ORIGINAL, 'x-original-url': 'https://api.example' }),
      { method: 'POST', target: '/', host: 'api.example' },
    ],
    [
      'ingress-nginx without TLS',
      ask('/authz', { ...ORIGINAL, 'x-original-url': 'http://api.example?a/b' }),
      { method: 'POST', target: '/?a/b', host: 'api.example' },
    ],
    ['Caddy, Traefik', ask('/authz', FORWARDED), DESCRIBED],
    ['Envoy, HAProxy', ask('/authz/acme/prod/a?b', {}, 'POST'), DESCRIBED],
    ['Envoy at the root', ask('/authz/'), { method: 'GET', target: '/', host: 'sallyport' }],
    ['only a query', ask('/authz?x'), { method: 'GET', target: '?x', host: 'sallyport' }],
    ['two descriptions that agree', ask('/authz', { ...ORIGINAL, ...FORWARDED }), DESCRIBED],
    ['three that agree', ask('/authz/acme/prod/a?b', { ...ORIGINAL, ...FORWARDED }, 'POST'), DESCRIBED],
  ])('%s', (_, request, described) => {
    expect(readDescription(request, false)).toEqual(described)
  })

  // URL parsers differ on where the host of these ends, or whether they have one.
  test.each([
    'xhttp://api.example/a',
    'http:/api.example/a',
    'http:///a',
    'http://api.example#/a',
    'http://api.example\\.evil/a',
    'http://api example/a',
    'http://api.example/a\n',
  ])('with the URL %j keeps it as its path, so that it is refused', (url) => {
    const description = readDescription(ask('/authz', { ...ORIGINAL, 'x-original-url': url }), false)
    expect(description).toEqual({ method: 'POST', target: url, host: 'sallyport' })
  })

  test.each(['M-SEARCH', 'AB', 'A'.repeat(32)])('can have the method %s', (method) => {
    expect(readDescription(ask('/authz/a', {}, method), false)).toMatchObject({ method })
  })

  test.each(['A', 'A'.repeat(33), '-AB', 'GETx', 'xGET', 'G ET', 'G1'])(
    'cannot have the method %s',
    (method) => {
      expect(readDescription(ask('/authz/a', {}, method), false)).toEqual({
        problem: expect.stringContaining('not a valid HTTP method') as unknown,
      })
    },
  )

  const BOTH_ORIGINAL = 'X-Original-Method and X-Original-URL describe a request together'
  const BOTH_FORWARDED = 'X-Forwarded-Method and X-Forwarded-Uri describe a request together'
  test.each([
    ['no description', ask('/authz'), 'has no description'],
    ['no URL of its own', { headers: {} }, 'has no description'],
    ['a URL without a method', ask('/authz', { 'x-original-url': '/a' }), BOTH_ORIGINAL],
    ['a method without a URL', ask('/authz', { 'x-original-method': 'GET' }), BOTH_ORIGINAL],
    ['a forwarded URI alone', ask('/authz', { 'x-forwarded-uri': '/a' }), BOTH_FORWARDED],
    ['a forwarded method alone', ask('/authz', { 'x-forwarded-method': 'GET' }), BOTH_FORWARDED],
    [
      'two hosts',
      ask('/authz', { ...FORWARDED, 'x-forwarded-host': 'a.example, b.example' }),
      'X-Forwarded-Host has more than one host',
    ],
    ['two that differ', ask('/authz/acme/prod/b', FORWARDED, 'POST'), 'two descriptions that differ'],
  ])('%s is refused with the reason', (_, request, reason) => {
    expect(readDescription(request, true)).toEqual({ problem: expect.stringContaining(reason) as unknown })
  })

  test.each([
    ['a smuggled URI behind nginx', ask('/authz', { ...ORIGINAL, ...FORWARDED, 'x-forwarded-uri': '/free' })],
    ['a smuggled method behind nginx', ask('/authz', { ...ORIGINAL, 'x-forwarded-method': 'GET' })],
    ['a smuggled URL behind Caddy', ask('/authz', { ...FORWARDED, ...ORIGINAL, 'x-original-url': '/free' })],
    [
      'a smuggled method behind Caddy',
      ask('/authz', { ...FORWARDED, ...ORIGINAL, 'x-original-method': 'GET' }),
    ],
    ['a smuggled URL behind Envoy', ask('/authz/acme/prod/secret', ORIGINAL, 'POST')],
    ['a smuggled URI behind Envoy', ask('/authz/acme/prod/secret', FORWARDED, 'POST')],
    ['a method smuggled behind Envoy', ask('/authz/acme/prod/a?b', ORIGINAL, 'GET')],
    ['half a description behind Envoy', ask('/authz/a', { 'x-forwarded-method': 'GET' })],
    ['a header sent twice', ask('/authz', { ...ORIGINAL, 'x-original-method': 'POST, GET' })],
    ['a lower-case method', ask('/authz', { ...ORIGINAL, 'x-original-method': 'get' })],
    ['an empty method', ask('/authz', { ...ORIGINAL, 'x-original-method': '' })],
  ])('%s is refused', (_, request) => {
    expect(readDescription(request, true)).toHaveProperty('problem')
  })

  test('Its host is X-Forwarded-Host only if a trusted proxy sent it', () => {
    const forged = { 'x-forwarded-host': 'api.example' }
    expect(readDescription(ask('/authz', { ...FORWARDED, ...forged }), true)).toMatchObject({
      host: 'api.example',
    })
    expect(readDescription(ask('/authz', { ...FORWARDED, ...forged }), false)).toMatchObject({
      host: 'sallyport',
    })
    expect(readDescription(ask('/authz', { ...ORIGINAL, ...forged }), true)).toMatchObject({
      host: 'sallyport',
    })
    expect(readDescription(ask('/authz/x', forged), true)).toMatchObject({ host: 'sallyport' })
  })
})

test.each([
  ['/authz', true],
  ['/authz/', true],
  ['/authz?x', true],
  ['/authz/acme', true],
  ['/authzz', false],
  ['/authz%2f', false],
  ['/acme/authz', false],
  // Other paths of this length.
  ['/acmes', false],
  ['/acmes/prod/a', false],
])('%s is for the authorization endpoint: %s', (url, is) => {
  expect(isAuthz(url)).toBe(is)
})
