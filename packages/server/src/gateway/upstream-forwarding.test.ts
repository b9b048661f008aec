import { afterAll, describe, expect, test } from 'vitest'
import { startEchoUpstream } from '../../../../test/support/upstream.ts'
import { RawConnection } from './testing/raw-connection.ts'
import { pipeline } from './testing/step-fixtures.ts'
import { ACME, proxyTo, startWith } from './testing/started-gateway.ts'

const echo = await startEchoUpstream()
const RECORDS = [
  ...ACME,
  pipeline('host', proxyTo(`${echo.url}/host`, { preserveHost: true })),
  pipeline('plain', proxyTo(`${echo.url}/plain`)),
  pipeline('whole', proxyTo(`${echo.url}/{path}?a=1`, { forwardedPrefix: true }), { paths: ['/whole/**'] }),
  pipeline('rest', proxyTo(`${echo.url}/{*}`, { forwardedPrefix: true }), { paths: ['/rest/*'] }),
  pipeline('root', proxyTo(echo.url, { forwardedPrefix: true }), { paths: ['/root'] }),
  pipeline('other', proxyTo(`${echo.url}/v1`, { forwardedPrefix: true }), { paths: ['/other'] }),
]
const started = await startWith(RECORDS)
const behindProxy = await startWith(RECORDS, { config: { trustedProxies: ['127.0.0.0/8'] } })
afterAll(async () => {
  await started[Symbol.asyncDispose]()
  await behindProxy[Symbol.asyncDispose]()
  await echo[Symbol.asyncDispose]()
})

/** What the upstream gets under the name of a header. */
async function sent(
  name: string,
  path: string,
  headers = 'Host: api.example.com\r\n',
  gateway = started,
): Promise<string | undefined> {
  const text = await RawConnection.exchange(
    gateway.gateway.port,
    `GET /acme/prod${path} HTTP/1.1\r\n${headers}Connection: close\r\n\r\n`,
  )
  const body = JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1)) as {
    headers: Record<string, string>
  }
  return body.headers[name]
}

describe('preserveHost', () => {
  test('sends the host that the caller has addressed, and otherwise that of the URL is sent', async () => {
    expect(await sent('host', '/host')).toBe('api.example.com')
    expect(await sent('host', '/host', 'Host: [::1]:80\r\n')).toBe('[::1]:80')
    expect(await sent('host', '/plain')).toBe(echo.url.slice('http://'.length))
  })

  test('takes the one that a trusted proxy reports, and none that a caller does', async () => {
    const headers = 'Host: api.example.com\r\nX-Forwarded-Host: public.example.com\r\n'
    expect(await sent('host', '/host', headers)).toBe('api.example.com')
    expect(await sent('host', '/host', headers, behindProxy)).toBe('public.example.com')
  })

  test.each(['Host: a b\r\n', 'Host: a/b\r\n', 'Host: a\r\nHost: b\r\n', 'Host: a,b\r\n'])(
    'sends no host that is none: %j',
    async (headers) => {
      const text = await RawConnection.exchange(
        started.gateway.port,
        `GET /acme/prod/host HTTP/1.1\r\n${headers}Connection: close\r\n\r\n`,
      )
      expect(text).toMatch(/^HTTP\/1.1 400 /)
    },
  )
})

describe('forwardedPrefix', () => {
  test.each([
    ['/whole/a/b?x=1', '/acme/prod'],
    ['/whole', '/acme/prod'],
    ['/rest/a%20b/c', '/acme/prod/rest'],
    ['/root', '/acme/prod/root'],
    ['/other', undefined],
    ['/plain', undefined],
  ])('says what the upstream does not get of %s: %s', async (path, prefix) => {
    expect(await sent('x-forwarded-prefix', path)).toBe(prefix)
  })

  test('follows on that of a trusted proxy, and not on that of a caller', async () => {
    const stating = (prefix: string): string => `Host: api\r\nX-Forwarded-Prefix: ${prefix}\r\n`
    expect(await sent('x-forwarded-prefix', '/root', stating('/evil'))).toBe('/acme/prod/root')
    expect(await sent('x-forwarded-prefix', '/root', stating('/api/'), behindProxy)).toBe(
      '/api/acme/prod/root',
    )
    expect(await sent('x-forwarded-prefix', '/root', stating('//e v'), behindProxy)).toBe('/acme/prod/root')
    expect(await sent('x_forwarded_prefix', '/root', 'Host: api\r\nX_Forwarded_Prefix: /evil\r\n')).toBe(
      undefined,
    )
    // The step says nothing about it, so that of a trusted proxy passes as before.
    expect(await sent('x-forwarded-prefix', '/plain', stating('/api'), behindProxy)).toBe('/api')
    expect(await sent('x-forwarded-prefix', '/other', stating('/api'), behindProxy)).toBe(undefined)
  })
})
