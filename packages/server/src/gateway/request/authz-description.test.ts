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
    ['Caddy, Traefik', ask('/authz', FORWARDED), DESCRIBED],
    ['Envoy, HAProxy', ask('/authz/acme/prod/a?b', {}, 'POST'), DESCRIBED],
    ['Envoy at the root', ask('/authz/'), { method: 'GET', target: '/', host: 'sallyport' }],
    ['only a query', ask('/authz?x'), { method: 'GET', target: '?x', host: 'sallyport' }],
    ['two descriptions that agree', ask('/authz', { ...ORIGINAL, ...FORWARDED }), DESCRIBED],
    ['three that agree', ask('/authz/acme/prod/a?b', { ...ORIGINAL, ...FORWARDED }, 'POST'), DESCRIBED],
  ])('%s', (_, request, described) => {
    expect(readDescription(request, false)).toEqual(described)
  })

  test.each([
    ['no description', ask('/authz')],
    ['a URL without a method', ask('/authz', { 'x-original-url': '/a' })],
    ['a method without a URL', ask('/authz', { 'x-original-method': 'GET' })],
    ['a forwarded URI alone', ask('/authz', { 'x-forwarded-uri': '/a' })],
    ['a forwarded method alone', ask('/authz', { 'x-forwarded-method': 'GET' })],
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
    const two = { ...FORWARDED, 'x-forwarded-host': 'a.example, b.example' }
    expect(readDescription(ask('/authz', two), true)).toHaveProperty('problem')
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
])('%s is for the authorization endpoint: %s', (url, is) => {
  expect(isAuthz(url)).toBe(is)
})
