import { hash } from 'node:crypto'
import { afterAll, describe, expect, test } from 'vitest'
import { startUpstream } from '../../../../test/support/upstream.ts'
import {
  ACME,
  deployment,
  idOfImported,
  makeKey,
  OPEN,
  proxyTo,
  startWith,
} from './testing/started-gateway.ts'

/** Answers with what it learns about the caller. */
const upstream = await startUpstream((request, response) => {
  response.end(request.headers['x-sallyport-key'] === '-' ? 'anonymous' : request.headers['x-sallyport-key'])
})
const OPTIONAL = { ...OPEN, apiKeyOptional: true }
const key = makeKey()
const off = makeKey({ active: false })
const powerless = makeKey({ roles: [] })
const published = makeKey({ type: 'public' })
const ELSEWHERE = 'lgcy/4fT0Qm2ZrX9bLk7A=='
const digest = hash('sha256', ELSEWHERE)
const imported = makeKey({
  id: idOfImported(Buffer.from(digest, 'hex')),
  secrets: [{ sequence: 1, digest, expiresAtMs: null }],
  hasForeignToken: true,
})
const started = await startWith([
  ...ACME,
  ...[key, off, powerless, published, imported].map(({ record }) => record),
  deployment({ paths: ['/open'], authentication: OPTIONAL, apiKeyInQuery: true }, proxyTo(upstream.url), {
    pipeline: 'open',
  }),
  deployment(
    {
      paths: ['/limited'],
      authentication: OPTIONAL,
      rateLimits: [{ requests: 1, per: 'day', by: 'consumer' }],
      cors: { origins: ['*'], headers: [], credentials: false },
    },
    proxyTo(upstream.url),
    { pipeline: 'limited' },
  ),
])
afterAll(async () => {
  await started[Symbol.asyncDispose]()
  await upstream[Symbol.asyncDispose]()
})

async function call(path: string, headers: readonly [string, string][] = []): Promise<string> {
  const response = await fetch(`${started.url}/acme/prod${path}`, {
    headers: headers.map((each) => [...each]),
  })
  const text = await response.text()
  return response.ok ? text : `${response.status} ${(JSON.parse(text) as { readonly code: string }).code}`
}

describe('an optional API key', () => {
  test('identifies the caller who sends one, and lets anyone in without', async () => {
    expect(await call('/open')).toBe('anonymous')
    expect(await call('/open', [['x-api-key', key.token]])).toBe(key.record.id)
    expect(await call('/open', [['authorization', `Bearer ${key.token}`]])).toBe(key.record.id)
    expect(await call(`/open?apikey=${key.token}`)).toBe(key.record.id)
  })

  test.each<[string, [string, string][], string]>([
    ['unknown', [['x-api-key', makeKey().token]], '401 credential_invalid'],
    ['of no form', [['x-api-key', 'sp_nonsense']], '401 credential_invalid'],
    ['empty', [['x-api-key', '']], '401 credential_ambiguous'],
    [
      'sent twice',
      [
        ['x-api-key', key.token],
        ['x-api-key', key.token],
      ],
      '401 credential_ambiguous',
    ],
    ['switched off', [['x-api-key', off.token]], '401 key_inactive'],
    ['without the right to call', [['x-api-key', powerless.token]], '403 pipeline_not_allowed'],
    [
      'public, where only secret ones are accepted',
      [['x-api-key', published.token]],
      '403 pipeline_not_allowed',
    ],
    // It may be a key that was issued elsewhere: its sender must not become an anonymous caller unnoticed.
    ['another text', [['authorization', 'Bearer 0123456789abcdef']], '401 credential_invalid'],
    ['the JWT of an issuer', [['authorization', 'Bearer a.b.c']], '401 credential_invalid'],
    ['a short text', [['authorization', 'Bearer short']], '401 credential_invalid'],
    ['a text with a comma', [['authorization', 'Bearer a,b']], '401 credential_invalid'],
    ['without its scheme', [['authorization', key.token]], '401 credential_invalid'],
    ['of another scheme', [['authorization', `ApiKey ${key.token}`]], '401 credential_invalid'],
    ['of a scheme without a text', [['authorization', 'Token']], '401 credential_invalid'],
    ['a bearer scheme without a token', [['authorization', 'Bearer']], '401 credential_ambiguous'],
    ['a bearer scheme with a space', [['authorization', 'Bearer ']], '401 credential_ambiguous'],
    ['a Basic scheme without credentials', [['authorization', 'Basic']], '401 credential_ambiguous'],
    ['an empty Authorization', [['authorization', '']], '401 credential_ambiguous'],
    ['the first half of a pair', [['x-api-appkey', key.record.id]], '401 credential_invalid'],
    ['the second half of a pair', [['x-api-apptoken', key.token]], '401 credential_invalid'],
    ['an empty half of a pair', [['x-api-appkey', '']], '401 credential_ambiguous'],
    [
      'a pair with an empty half',
      [
        ['x-api-appkey', key.record.id],
        ['x-api-apptoken', ''],
      ],
      '401 credential_ambiguous',
    ],
    [
      'a pair of two keys',
      [
        ['x-api-appkey', off.record.id],
        ['x-api-apptoken', key.token],
      ],
      '401 credential_invalid',
    ],
    [
      'half a pair beside a key',
      [
        ['x-api-appkey', key.record.id],
        ['x-api-key', key.token],
      ],
      '401 credential_ambiguous',
    ],
    [
      'sent in two headers',
      [
        ['x-api-key', key.token],
        ['apikey', key.token],
      ],
      '401 credential_ambiguous',
    ],
    ['another text in its header', [['x-api-key', '0123456789abcdef']], '401 credential_invalid'],
  ])('is refused if it is %s', async (_name, headers, expected) => {
    expect(await call('/open', headers)).toBe(expected)
  })

  test('is refused in the query too', async () => {
    expect(await call('/open?apikey=sp_nonsense')).toBe('401 credential_invalid')
    expect(await call('/open?apikey=')).toBe('401 credential_ambiguous')
    expect(await call(`/open?apikey=${key.token}&apikey=${key.token}`)).toBe('401 credential_ambiguous')
  })

  test('is not expected in headers of other credentials, whatever they hold', async () => {
    for (const [name, value] of [
      ['authorization', `Basic ${btoa('user:password')}`],
      ['authorization', `Basic ${btoa('no colon')}`],
      ['authorization', 'Basic %%%'],
      ['x-access-token', 'a.b.c'],
      ['x-access-token', ''],
    ] as const) {
      expect([value, await call('/open', [[name, value]])]).toEqual([value, 'anonymous'])
    }
    expect(
      await call('/open', [
        ['authorization', `Basic ${btoa('user:password')}`],
        ['x-api-key', key.token],
      ]),
    ).toBe(key.record.id)
  })

  test('gives its caller limits of its own', async () => {
    expect(await call('/limited')).toBe('anonymous')
    expect(await call('/limited')).toBe('429 rate_limited')
    expect(await call('/limited', [['x-api-key', key.token]])).toBe(key.record.id)
    expect(await call('/limited', [['x-api-key', key.token]])).toBe('429 rate_limited')
  })

  test('may be sent by pages, and stands in the listing as one of two ways', async () => {
    const preflight = await fetch(`${started.url}/acme/prod/limited`, {
      method: 'OPTIONS',
      headers: { origin: 'https://a.example', 'access-control-request-method': 'GET' },
    })
    expect(preflight.headers.get('access-control-allow-headers')).toContain('x-api-key')
    const listing = await fetch(`${started.url}/acme/prod/.well-known/openapi.json`)
    const { paths } = (await listing.json()) as {
      readonly paths: Readonly<Record<string, { readonly get: { readonly security: unknown } }>>
    }
    expect(paths['/limited']?.get.security).toEqual([{ apiKey: [] }, {}])
  })

  test.each<[string, string]>([
    ['x-api-key', ELSEWHERE],
    ['authorization', `Bearer ${ELSEWHERE}`],
  ])('can be one that was issued elsewhere: %s', async (name, value) => {
    expect(await call('/open', [[name, value]])).toBe(imported.record.id)
    expect(await call('/open', [[name, `${value}x`]])).toBe('401 credential_invalid')
  })
})
