import { describe, expect, test } from 'vitest'
import { droppedHeaders } from './dropped-headers.ts'

const { fromOthers, fromTrustedProxies } = droppedHeaders(['x-replaced'])

/** Whether a caller's header is dropped: from a trusted proxy, and from anyone else. */
function isDropped(name: string): readonly boolean[] {
  return [fromTrustedProxies.has(name), fromOthers.has(name)]
}

describe('A caller cannot send an upstream', () => {
  test.each([
    [
      'a header of the connection',
      ['connection', 'te', 'transfer-encoding', 'upgrade', 'proxy-authorization'],
    ],
    ['the target, length or expectation of another request', ['host', 'content-length', 'expect']],
    [
      'a credential',
      ['authorization', 'apikey', 'x-api-key', 'x-api-appkey', 'x-api-apptoken', 'x-access-token'],
    ],
    [
      "the gateway's own statements",
      ['via', 'x-request-id', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto'],
    ],
    [
      'a path that differs from the authorized one',
      ['x-original-url', 'x-original-uri', 'x-rewrite-url', 'x_ms_original_url', 'x-waws-unencoded-url'],
    ],
    [
      'a method that differs from the authorized one',
      [
        'x-http-method-override',
        'x-http-method',
        'x-method-override',
        'x_http_method_override',
        'x-override-method',
      ],
    ],
    ['an order to its framework', ['x-middleware-subrequest', 'x_middleware_subrequest', 'x-accel-mapping']],
    ['trailers that are not forwarded', ['trailer']],
    ['an identity', ['x-sallyport-key', 'x_sallyport_key', 'x.sallyport.any']],
    ['the proxy of CGI programs', ['proxy']],
    ['a header that the step sets', ['x-replaced']],
  ])('%s, not even through a trusted proxy', (_, names) => {
    for (const name of names) expect([name, ...isDropped(name)]).toEqual([name, true, true])
  })

  test.each([
    'forwarded',
    'x-real-ip',
    'x-forwarded-port',
    'x-forwarded-prefix',
    'x-forwarded-server',
    'x-forwarded-method',
    'x-forwarded-uri',
    'x-forwarded-user',
    'x-forwarded-client-cert',
    'x-forwarded-anything',
    'x_forwarded_user',
    'true-client-ip',
    'cf-connecting-ip',
    'x-client-ip',
    'remote-user',
    'remote_user',
    'x-remote-extra-scopes',
    'x-auth-request-email',
    'x-consumer-username',
    'x-amzn-oidc-data',
    'x-ms-client-principal-name',
    'client-cert',
    'ssl-client-verify',
    'x-ssl-client-s-dn',
    'x-envoy-external-address',
    'front-end-https',
    'x-original-host',
    'x-forwarded',
    'forwarded-for',
    'Forwarded_For'.toLowerCase(),
    'cluster-client-ip',
    'x-remote-addr',
    'fly-client-ip',
    'cf-ipcountry',
    'cf-visitor',
    'x-vercel-ip-country',
    'x-webauth-email',
    'x-authenticated-roles',
    'x-auth-email',
    'sm_user',
    'iv-user',
    'oidc_claim_sub',
    'shib-session-id',
    'l5d-client-id',
    'https',
  ])('%s, except through a trusted proxy', (name) => {
    expect(isDropped(name)).toEqual([false, true])
  })
})

test.each([
  'cookie',
  'accept',
  'origin',
  'x-replaced-by',
  'x-original-path',
  'x-client-version',
  'x-auth-token',
  'fastly-key',
  'fly-prefer-region',
  'x-vercel-protection-bypass',
  'iv',
  'sm-token',
  'x-amzn-trace-id',
  'x-csrf-token',
  'x-requested-with',
  'upgrade-insecure-requests',
  'forwarded-to',
  'cfx',
  'proxying',
  '',
])('Every caller can send an upstream the header "%s"', (name) => {
  expect(isDropped(name)).toEqual([false, false])
})

test('The names of callers do not fill the memory', () => {
  const { fromOthers: own } = droppedHeaders([])
  for (let index = 0; index < 5_000; index += 1) expect(own.has(`x-${index}`)).toBe(false)
  expect(own.has('x-real-ip')).toBe(true)
})

test('Steps drop only the headers that they set themselves', () => {
  expect(droppedHeaders(['x-own']).fromOthers.has('x-replaced')).toBe(false)
})
