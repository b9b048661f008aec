import { afterAll, expect, test } from 'vitest'
import { ACME, deployment, OPEN, startWith } from '../testing/started-gateway.ts'

const SUBDOMAINS = {
  origins: ['https://www.example.com', 'https://*.shops.example.com'],
  headers: [],
  exposedHeaders: ['X-Total', 'retry-after'],
  credentials: true,
  maxAge: 0,
}
const started = await startWith([
  ...ACME,
  deployment({ paths: ['/subdomains'], cors: SUBDOMAINS }, undefined, { pipeline: 'subdomains' }),
  deployment(
    {
      paths: ['/any'],
      authentication: OPEN,
      cors: { ...SUBDOMAINS, origins: ['*'], exposedHeaders: ['*'], credentials: false },
    },
    undefined,
    { pipeline: 'any' },
  ),
])

afterAll(() => started[Symbol.asyncDispose]())

async function corsOf(
  path: string,
  method: string,
  origin: string,
): Promise<Readonly<Record<string, string>>> {
  const headers = { origin, 'access-control-request-method': 'GET' }
  const response = await fetch(`${started.url}/acme/prod${path}`, { method, headers })
  return Object.fromEntries(
    [...response.headers].filter(([name]) => name.startsWith('access-control-') || name === 'vary'),
  )
}

const EXPOSED = 'x-request-id, x-sallyport-code, retry-after, ratelimit, ratelimit-policy'

test('pages of subdomains can call a pipeline whose origins are a pattern, and read what it exposes', async () => {
  for (const origin of [
    'https://www.example.com',
    'https://a.shops.example.com',
    'https://a.b.shops.example.com',
  ]) {
    expect(await corsOf('/subdomains', 'OPTIONS', origin)).toEqual({
      'access-control-allow-origin': origin,
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers':
        'content-type, x-api-key, apikey, x-api-appkey, x-api-apptoken, authorization',
      'access-control-allow-credentials': 'true',
      'access-control-max-age': '0',
      vary: 'Origin',
    })
    // The refusal of a request without a key has them too.
    expect(await corsOf('/subdomains', 'GET', origin)).toEqual({
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': `${EXPOSED}, x-total`,
      vary: 'Origin',
    })
  }
})

test.each([
  'https://shops.example.com',
  'https://evilshops.example.com',
  'https://a.shops.example.com.evil',
  'https://a.shops.example.com:8443',
  'http://a.shops.example.com',
  'https://*.shops.example.com',
  'https://A.shops.example.com',
  'null',
])('a page of %s cannot', async (origin) => {
  expect(await corsOf('/subdomains', 'OPTIONS', origin)).toEqual({ vary: 'Origin' })
  expect(await corsOf('/subdomains', 'GET', origin)).toEqual({ vary: 'Origin' })
})

test('with any origin, every header can be exposed', async () => {
  expect(await corsOf('/any', 'GET', 'https://a.example')).toEqual({
    'access-control-allow-origin': '*',
    'access-control-expose-headers': `${EXPOSED}, *`,
  })
})
