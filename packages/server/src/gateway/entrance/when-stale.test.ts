import type { FeedRecord } from '@sallyport/core'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { deployment, makeKey, startWith } from '../testing/started-gateway.ts'

const key = makeKey()
const off = makeKey({ active: false })
const orders = (environment: string) => deployment({}, undefined, { environment, id: `dep_${environment}` })
const RECORDS: readonly FeedRecord[] = [
  { kind: 'organization', slug: 'acme' },
  { kind: 'environment', organization: 'acme', name: 'test' },
  { kind: 'environment', organization: 'acme', name: 'prod', whenStale: 'refuse' },
  key.record,
  off.record,
  orders('test'),
  orders('prod'),
]
const HOSTS = new Map([
  ['serving.example', { organization: 'acme', environment: 'test' }],
  ['refusing.example', { organization: 'acme', environment: 'prod' }],
  ['removed.example', { organization: 'acme', environment: 'removed' }],
])

let isOver = false
/** A gateway that gets its changes by a stream. */
const gateway = await startWith(RECORDS, {
  isStreamLeaseOver: () => isOver,
  // It names the hosts of requests.
  config: { hosts: HOSTS, trustedProxies: ['127.0.0.0/8'] },
})
afterAll(() => gateway[Symbol.asyncDispose]())
beforeEach(() => {
  isOver = true
})

async function answered(request: Promise<Response>): Promise<string> {
  const response = await request
  const text = await response.text()
  const { code = '' } = text.startsWith('{') ? (JSON.parse(text) as { readonly code?: string }) : {}
  return `${response.status} ${code}`.trim()
}

const call = async (path: string, headers: Record<string, string> = {}): Promise<string> =>
  await answered(fetch(gateway.url + path, { headers: { 'x-api-key': key.token, ...headers } }))

/** Asks at `/authz`, as another proxy does. */
const ask = async (path: string, headers: Record<string, string> = {}): Promise<string> =>
  await call('/authz', { 'x-original-method': 'GET', 'x-original-url': path, ...headers })

describe('Past the lease of a stream', () => {
  test('calls of an environment that serves are decided, by its snapshot', async () => {
    expect(await call('/acme/test/orders')).toBe('200')
    expect(await ask('/acme/test/orders')).toBe('200')
    const refused = { 'x-api-key': off.token }
    expect(await call('/acme/test/orders', refused)).toBe('401 key_inactive')
    expect(await ask('/acme/test/orders', refused)).toBe('401 key_inactive')
    expect(await call('/acme/test/unknown')).toBe('404 route_not_found')
    expect(await ask('/acme/test/unknown')).toBe('404 route_not_found')
  })

  test('calls of an environment that refuses are not, until the renewal', async () => {
    expect(await call('/acme/prod/orders')).toBe('503 snapshot_stale')
    expect(await ask('/acme/prod/orders')).toBe('503 snapshot_stale')
    expect(await call('/acme/prod/unknown')).toBe('503 snapshot_stale')
    isOver = false
    expect(await call('/acme/prod/orders')).toBe('200')
    expect(await ask('/acme/prod/orders')).toBe('200')
  })

  // The environment may have been created since, and then it may refuse.
  test('calls of no known environment are refused, since it may exist by now', async () => {
    for (const path of ['/acme/new/orders', '/new/prod/orders', '/acme', '/']) {
      expect([path, await call(path), await ask(path)]).toEqual([
        path,
        '503 snapshot_stale',
        '503 snapshot_stale',
      ])
    }
    isOver = false
    expect([await call('/acme/new/orders'), await ask('/acme/new/orders')]).toEqual([
      '404 route_not_found',
      '404 route_not_found',
    ])
  })

  test('the environment of a host is asked like any other', async () => {
    const at = async (host: string) => {
      const headers = { 'x-forwarded-host': host }
      return [await call('/orders', headers), await ask('/orders', headers)]
    }
    const forwarded = async (host: string) => await call('/orders', { 'x-forwarded-host': host })
    expect(await forwarded('serving.example')).toBe('200')
    expect(await forwarded('refusing.example')).toBe('503 snapshot_stale')
    expect(await at('removed.example')).toEqual(['503 snapshot_stale', '503 snapshot_stale'])
    expect(await at('unknown.example')).toEqual(['503 snapshot_stale', '503 snapshot_stale'])
  })

  test('the key set and the document of an environment follow it', async () => {
    for (const path of ['jwks.json', 'openapi.json']) {
      expect(await call(`/acme/test/.well-known/${path}`)).toBe('200')
      expect(await call(`/acme/prod/.well-known/${path}`)).toBe('503 snapshot_stale')
      expect(await call(`/acme/new/.well-known/${path}`)).toBe('503 snapshot_stale')
    }
  })

  test('the choice of the newest snapshot counts', async () => {
    const refusing = { kind: 'environment', organization: 'acme', name: 'test', whenStale: 'refuse' } as const
    gateway.apply([refusing])
    expect(await call('/acme/test/orders')).toBe('503 snapshot_stale')
    gateway.apply([{ kind: 'environment', organization: 'acme', name: 'test' }])
    expect(await call('/acme/test/orders')).toBe('200')
  })
})

test('Past a lease of the database, calls are refused whatever their environment says', async () => {
  await using leased = await startWith(RECORDS, { isLeaseOver: () => true })
  for (const environment of ['test', 'prod', 'new']) {
    expect(await answered(fetch(`${leased.url}/acme/${environment}/orders`))).toBe('503 snapshot_stale')
  }
})

test('The limit of the operator on the age ends what environments serve', async () => {
  let ageSeconds = 60
  await using limited = await startWith(RECORDS, {
    isStreamLeaseOver: () => true,
    snapshotAgeSeconds: () => ageSeconds,
    config: { maxStalenessSeconds: 60 },
  })
  const headers = { 'x-api-key': key.token }
  const get = async () => await answered(fetch(`${limited.url}/acme/test/orders`, { headers }))
  expect(await get()).toBe('200')
  ageSeconds = 60.001
  expect(await get()).toBe('503 snapshot_stale')
})
