import { afterAll, describe, expect, test } from 'vitest'
import { startUpstream } from '../../../../test/support/upstream.ts'
import { ACME, deployment, makeKey, OPEN, proxyTo, startWith } from './testing/started-gateway.ts'
import type { Trigger } from '@sallyport/core'

const upstream = await startUpstream((_request, response) => {
  response.writeHead(200, { link: '</next>; rel="next"', deprecation: '@1', sunset: 'never' })
  response.end('served')
})
const key = makeKey()
const CORS = { origins: ['https://app.example.com'], headers: [], credentials: false }
const OFFICE = ['192.0.2.0/24', '2001:db8::/32']
const PAUSED = { detail: null, retryAfterSeconds: 90, exceptAddresses: [] }
const DEPRECATION = {
  since: '2027-01-31T00:00:00.000Z',
  sunset: '2027-06-30T12:00:00.000Z',
  link: 'https://docs.example.com/v1',
  successor: 'https://api.example.com/v2',
}

const TRIGGERS: Readonly<Record<string, Partial<Trigger>>> = {
  office: { addressRules: OFFICE },
  'office-open': { addressRules: OFFICE, authentication: OPEN },
  paused: { maintenance: PAUSED, cors: CORS, responseHeaders: { 'x-own': 'yes' } },
  told: { maintenance: { ...PAUSED, detail: 'Back at nine – naïve hope.' }, authentication: OPEN },
  testers: { maintenance: { ...PAUSED, exceptAddresses: ['198.51.100.7/32'] } },
  both: { addressRules: OFFICE, maintenance: { ...PAUSED, exceptAddresses: ['192.0.2.9/32'] } },
  old: { deprecation: DEPRECATION, cors: CORS, responseHeaders: { link: '</about>; rel="about"' } },
  ending: { deprecation: { ...DEPRECATION, sunset: null, link: null, successor: null } },
}
const started = await startWith(
  [
    ...ACME,
    key.record,
    ...Object.entries(TRIGGERS).map(([name, trigger]) =>
      deployment({ paths: [`/${name}`], ...trigger }, proxyTo(upstream.url), { pipeline: name }),
    ),
    deployment({ paths: ['/:any'], authentication: OPEN }, proxyTo(upstream.url), { pipeline: 'any' }),
  ],
  // The tests are a trusted proxy that names the address of the caller.
  { config: { trustedProxies: ['127.0.0.0/8', '::1'] } },
)
afterAll(async () => {
  await started[Symbol.asyncDispose]()
  await upstream[Symbol.asyncDispose]()
})

const KEYED = { 'x-api-key': key.token }

function call(path: string, address: string, headers: Readonly<Record<string, string>> = {}) {
  return fetch(`${started.url}/acme/prod/${path}`, { headers: { 'x-forwarded-for': address, ...headers } })
}

async function outcome(path: string, address: string, headers: Readonly<Record<string, string>> = {}) {
  const response = await call(path, address, headers)
  const body = await response.text()
  return response.ok ? body : (JSON.parse(body) as { readonly code: string }).code
}

describe('address rules of a pipeline', () => {
  test.each([
    ['192.0.2.77', 'served'],
    ['2001:db8::7', 'served'],
    ['::ffff:192.0.2.77', 'served'],
    ['192.0.3.1', 'caller_address_not_allowed'],
    ['::1', 'caller_address_not_allowed'],
  ])('%s with a valid key: %s', async (address, expected) => {
    expect(await outcome('office', address, KEYED)).toBe(expected)
  })

  test('are checked before credentials, so that others cannot try any', async () => {
    expect(await outcome('office', '203.0.113.1', { 'x-api-key': 'guess' })).toBe(
      'caller_address_not_allowed',
    )
    expect(await outcome('office', '192.0.2.1', { 'x-api-key': 'guess-again' })).toBe('credential_invalid')
    expect(await outcome('office-open', '203.0.113.1')).toBe('caller_address_not_allowed')
    expect(await outcome('office-open', '192.0.2.1')).toBe('served')
  })

  test('count what a caller writes to the left of its address for nothing', async () => {
    expect(await outcome('office-open', '192.0.2.1, 203.0.113.1')).toBe('caller_address_not_allowed')
    expect(await outcome('office-open', '192.0.2.1, nonsense')).toBe('caller_address_not_allowed')
  })

  test('guard against variants of the path that another pipeline would take', async () => {
    expect(await outcome('Office-Open', '203.0.113.1')).toBe('invalid_request')
    expect(await outcome('other', '203.0.113.1')).toBe('served')
  })

  test('hold for a proxy that asks', async () => {
    const ask = async (address: string) => {
      const response = await fetch(`${started.url}/authz`, {
        headers: {
          'x-forwarded-for': address,
          'x-forwarded-method': 'GET',
          'x-forwarded-uri': '/acme/prod/office-open',
        },
      })
      return [response.status, response.headers.get('x-sallyport-code')]
    }
    expect(await ask('192.0.2.1')).toEqual([200, null])
    expect(await ask('203.0.113.1')).toEqual([403, 'caller_address_not_allowed'])
  })

  test('decide which pipelines the listing names', async () => {
    const listed = async (address: string) => {
      const response = await fetch(`${started.url}/acme/prod/.well-known/openapi.json`, {
        headers: { 'x-forwarded-for': address },
      })
      return Object.keys(((await response.json()) as { readonly paths: object }).paths)
    }
    expect(await listed('192.0.2.1')).toContain('/office-open')
    expect(await listed('203.0.113.1')).not.toContain('/office-open')
  })
})

describe('maintenance', () => {
  test('answers everyone with 503 and when to try again', async () => {
    const response = await call('paused', '203.0.113.1', { ...KEYED, origin: 'https://app.example.com' })
    expect(response.status).toBe(503)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'retry-after': '90',
      'x-sallyport-code': 'maintenance',
      'x-own': 'yes',
      'access-control-allow-origin': 'https://app.example.com',
      'cache-control': 'no-store',
    })
    expect(await response.json()).toMatchObject({ code: 'maintenance', status: 503 })
    expect(await outcome('paused', '203.0.113.1')).toBe('maintenance')
  })

  test('tells callers what the developer has written', async () => {
    const response = await call('told', '203.0.113.1')
    expect(await response.json()).toMatchObject({ detail: 'Back at nine – naïve hope.' })
  })

  test('lets listed addresses in, with their credentials', async () => {
    expect(await outcome('testers', '198.51.100.7', KEYED)).toBe('served')
    expect(await outcome('testers', '198.51.100.7')).toBe('credential_missing')
    expect(await outcome('testers', '198.51.100.8', KEYED)).toBe('maintenance')
  })

  test('opens nothing that the address rules close', async () => {
    expect(await outcome('both', '192.0.2.9', KEYED)).toBe('served')
    expect(await outcome('both', '192.0.2.8', KEYED)).toBe('maintenance')
    expect(await outcome('both', '203.0.113.1', KEYED)).toBe('caller_address_not_allowed')
  })

  test('answers preflights, so that a page can read the refusal', async () => {
    const response = await fetch(`${started.url}/acme/prod/paused`, {
      method: 'OPTIONS',
      headers: { origin: 'https://app.example.com', 'access-control-request-method': 'GET' },
    })
    expect(response.status).toBe(204)
  })
})

describe('deprecation', () => {
  test('is told in every response, beside the links of the upstream', async () => {
    const { headers } = await call('old', '203.0.113.1', { ...KEYED, origin: 'https://app.example.com' })
    expect(headers.get('deprecation')).toBe('@1801353600')
    expect(headers.get('sunset')).toBe('Wed, 30 Jun 2027 12:00:00 GMT')
    expect(headers.get('link')?.split(', ')).toEqual(
      expect.arrayContaining([
        '<https://docs.example.com/v1>; rel="deprecation"',
        '<https://api.example.com/v2>; rel="successor-version"',
        '</about>; rel="about"',
      ]),
    )
    expect(headers.get('access-control-expose-headers')).toContain('deprecation, sunset, link')
  })

  test('is told with refusals, and in the listing', async () => {
    const refused = await call('ending', '203.0.113.1')
    expect([refused.status, refused.headers.get('deprecation'), refused.headers.get('sunset')]).toEqual([
      401,
      '@1801353600',
      null,
    ])
    const listing = await fetch(`${started.url}/acme/prod/.well-known/openapi.json`, { headers: KEYED })
    const { paths } = (await listing.json()) as {
      readonly paths: Readonly<Record<string, { readonly get: { readonly deprecated?: boolean } }>>
    }
    expect([paths['/old']?.get.deprecated, paths['/{any}']?.get.deprecated]).toEqual([true, undefined])
  })

  test('leaves the links of the upstream', async () => {
    const { headers } = await call('ending', '203.0.113.1', KEYED)
    expect([headers.get('link'), headers.get('sunset')]).toEqual(['</next>; rel="next"', null])
  })
})
