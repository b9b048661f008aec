import { hash } from 'node:crypto'
import type { ConsumerRecord, FeedRecord, KeyRecord } from '@sallyport/core'
import { afterAll, describe, expect, test } from 'vitest'
import { startEchoUpstream } from '../../../../test/support/upstream.ts'
import { makeSigningKey } from './testing/signing-keys.ts'
import {
  ACME,
  deployment,
  idOfImported,
  makeKey,
  OPEN,
  proxyTo,
  startWith,
  type StartedGateway,
} from './testing/started-gateway.ts'

const TOKEN = 'lgcy/4fT0Qm2ZrX9bLk7A=='
const TYPO = 'lgcy/4fT0Qm2ZrX9bLk7B=='

/** A key that was imported with a token. */
function imported(token: string, fields: Partial<KeyRecord> = {}): KeyRecord {
  const digest = hash('sha256', token)
  return makeKey({
    id: idOfImported(Buffer.from(digest, 'hex')),
    secrets: [{ sequence: 1, digest, expiresAtMs: null }],
    hasForeignToken: true,
    ...fields,
  }).record
}

const KEY_AND_JWT = { apiKey: true, jwt: true, basic: false }
const upstream = await startEchoUpstream()
const signer = await makeSigningKey()
afterAll(() => upstream[Symbol.asyncDispose]())

const CONSUMER: ConsumerRecord = {
  kind: 'consumer',
  organization: 'acme',
  id: 'con_mobile',
  name: 'mobile-app',
  environment: 'prod',
  active: true,
  pipelines: ['orders', 'both', 'login', 'jwt'],
}
const DEPLOYMENTS: readonly FeedRecord[] = [
  deployment(),
  deployment({ paths: ['/query'], apiKeyInQuery: true }, proxyTo(`${upstream.url}/query`), {
    pipeline: 'query',
  }),
  deployment({ paths: ['/echo'] }, proxyTo(`${upstream.url}/echo`), { pipeline: 'echo' }),
  deployment({ paths: ['/both'], authentication: KEY_AND_JWT }, undefined, { pipeline: 'both' }),
  deployment({ paths: ['/jwt'], authentication: { ...OPEN, jwt: true } }, undefined, { pipeline: 'jwt' }),
]

async function gateway(...records: readonly FeedRecord[]): Promise<StartedGateway> {
  return await startWith([...ACME, CONSUMER, signer.record, ...DEPLOYMENTS, ...records])
}

/** The status of a call and its code, if it is refused. */
async function call(
  { url }: StartedGateway,
  path: string,
  headers: Record<string, string> = {},
): Promise<string> {
  const response = await fetch(`${url}/acme/prod${path}`, { headers })
  if (response.ok) return String(response.status)
  const { code } = (await response.json()) as { readonly code: string }
  return `${response.status} ${code}`
}

const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` })

describe('a token that was issued elsewhere', () => {
  test('is a key in each place for one, and no longer with one character changed', async () => {
    await using started = await gateway(imported(TOKEN))
    const query = (token: string): string => `/query?apikey=${encodeURIComponent(token)}`
    expect(await call(started, '/orders', { apikey: TOKEN })).toBe('200')
    expect(await call(started, '/orders', { 'x-api-key': TOKEN })).toBe('200')
    expect(await call(started, '/orders', bearer(TOKEN))).toBe('200')
    expect(await call(started, query(TOKEN))).toBe('200')
    expect(await call(started, '/orders', { 'x-api-key': TYPO })).toBe('401 credential_invalid')
    expect(await call(started, '/orders', bearer(TYPO))).toBe('401 credential_missing')
    expect(await call(started, query(TYPO))).toBe('401 credential_invalid')
    expect(started.uses).toHaveLength(4)
  })

  test('is refused as before where no key was imported', async () => {
    await using started = await gateway(makeKey().record)
    expect(await call(started, '/orders', { 'x-api-key': TOKEN })).toBe('401 credential_invalid')
    expect(await call(started, '/orders', bearer(TOKEN))).toBe('401 credential_missing')
    started.apply([imported(TOKEN)])
    expect(await call(started, '/orders', { 'x-api-key': TOKEN })).toBe('200')
  })

  test('is not the token of a key that was not imported with it', async () => {
    const digest = hash('sha256', TOKEN)
    const other = makeKey({ secrets: [{ sequence: 1, digest, expiresAtMs: null }], hasForeignToken: true })
    await using started = await gateway(other.record)
    expect(await call(started, '/orders', { 'x-api-key': TOKEN })).toBe('401 credential_invalid')
  })

  test('ends with its key, its secret and its external key', async () => {
    await using started = await gateway(imported(TOKEN))
    const now = async (key: Partial<KeyRecord>, ...more: readonly FeedRecord[]): Promise<string> => {
      started.apply([...more, imported(TOKEN, key)])
      return await call(started, '/orders', { 'x-api-key': TOKEN })
    }
    expect(await now({ active: false })).toBe('401 key_inactive')
    expect(await now({ expiresAtMs: 1 })).toBe('401 key_expired')
    expect(await now({ deleted: true })).toBe('401 key_deleted')
    const rolled = makeKey({ id: imported(TOKEN).id })
    const secrets = (endsAtMs: number) => [
      { sequence: 1, digest: hash('sha256', TOKEN), expiresAtMs: endsAtMs },
      { sequence: 2, digest: hash('sha256', rolled.token), expiresAtMs: null },
    ]
    expect(await now({ secrets: secrets(Date.now() + 60_000) })).toBe('200')
    expect(await call(started, '/orders', { 'x-api-key': rolled.token })).toBe('200')
    expect(await now({ secrets: secrets(1) })).toBe('401 key_outdated')
    expect(await call(started, '/orders', { 'x-api-key': rolled.token })).toBe('200')
    const partner = { kind: 'organization', slug: 'partner' } as const
    expect(await now({ organization: 'partner' }, partner)).toBe('403 pipeline_not_allowed')
    const { id } = imported(TOKEN)
    const external = {
      kind: 'external-key',
      organization: 'acme',
      id: 'ext_1',
      keyId: id,
      roles: ['invoker'],
      active: true,
      addressRules: [],
      rateLimits: [],
    } as const
    expect(await now({ organization: 'partner' }, external)).toBe('200')
  })

  test('never reaches an upstream', async () => {
    await using started = await gateway(imported(TOKEN))
    for (const [path, headers] of [
      ['/echo', { 'x-api-key': TOKEN }],
      ['/echo', { apikey: TOKEN }],
      ['/echo', bearer(TOKEN)],
      [`/query?page=2&apikey=${encodeURIComponent(TOKEN)}`, {}],
    ] as const) {
      const response = await fetch(`${started.url}/acme/prod${path}`, { headers })
      const echo = await response.text()
      expect([path, response.status]).toEqual([path, 200])
      expect(echo).toContain(path.startsWith('/query') ? 'page=2' : 'x-sallyport-')
      expect(decodeURIComponent(echo)).not.toContain(TOKEN)
    }
  })

  test('in Authorization is the key or the JWT of a call, and leaves the other to x-access-token', async () => {
    await using started = await gateway(
      imported(TOKEN, { consumer: CONSUMER.id, environment: 'prod', roles: [] }),
    )
    const jwt = await signer.sign({ azp: CONSUMER.id })
    const both = (token: string) => ({ ...bearer(token), 'x-access-token': jwt })
    expect(await call(started, '/both', both(TOKEN))).toBe('200')
    expect(await call(started, '/both', { 'x-api-key': TOKEN, ...bearer(jwt) })).toBe('200')
    expect(await call(started, '/both', bearer(TOKEN))).toBe('401 token_missing')
    expect(await call(started, '/both', bearer(jwt))).toBe('401 credential_missing')
    expect(await call(started, '/both', both(TYPO))).toBe('401 credential_missing')
    // No key is asked for: as before, both headers have a JWT.
    expect(await call(started, '/jwt', both(TOKEN))).toBe('401 credential_ambiguous')
    expect(await call(started, '/jwt', bearer(TOKEN))).toBe('401 token_invalid')
    expect(await call(started, '/jwt', bearer(jwt))).toBe('200')
  })

  test('is decided by /authz like any other key', async () => {
    await using started = await gateway(imported(TOKEN))
    const authorize = async (headers: Record<string, string>): Promise<string | null> => {
      const asked = { 'x-original-method': 'GET', 'x-original-url': '/acme/prod/orders', ...headers }
      const response = await fetch(`${started.url}/authz`, { headers: asked })
      return response.status === 200
        ? response.headers.get('x-sallyport-key')
        : response.headers.get('x-sallyport-code')
    }
    expect(await authorize({ 'x-api-key': TOKEN })).toBe(imported(TOKEN).id)
    expect(await authorize(bearer(TOKEN))).toBe(imported(TOKEN).id)
    expect(await authorize({ 'x-api-key': TYPO })).toBe('credential_invalid')
  })

  test('is in no log', async () => {
    await using started = await startWith(
      [...ACME, ...DEPLOYMENTS, imported(TOKEN), imported('dead-token-4fT0Qm', { deleted: true })],
      { config: { accessLog: 'all' } },
    )
    for (const token of [TOKEN, TYPO, 'dead-token-4fT0Qm']) {
      for (const headers of [{ 'x-api-key': token }, bearer(token)]) await call(started, '/orders', headers)
      await call(started, `/query?apikey=${encodeURIComponent(token)}`)
    }
    await expect.poll(() => started.log.join('\n').match(/"code"/g)).toHaveLength(9)
    const log = started.log.join('\n')
    expect(log).toContain(imported(TOKEN).id)
    for (const part of ['lgcy', 'dead-token']) expect(log).not.toContain(part)
  })
})
