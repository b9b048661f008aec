import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SigningKeyRecord } from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import { signingKeyContext } from '../crypto/seal-contexts.ts'
import { importSigner, type PrivateJwk } from '../crypto/signing-keys.ts'
import { ACME, bearer, openAcme, textOf, type AcmeWorld, type Json } from './testing/control-world.ts'

const ENVIRONMENT = `${ACME}/environments/test`
const KEYS = `${ENVIRONMENT}/signing-keys`
const HOUR_SECONDS = 3600

/** The signing keys of an environment in a gateway's snapshot. */
function records({ cell }: AcmeWorld, environment = 'test'): SigningKeyRecord[] {
  return [...(cell.current.environment('acme', environment)?.signingKeys.values() ?? [])]
}

/** The private key, opened as a gateway does. */
function privateHalf({ unseal }: AcmeWorld, record: SigningKeyRecord): PrivateJwk {
  return JSON.parse(unseal(record.sealedPrivateJwk, signingKeyContext(record))) as PrivateJwk
}

async function listed(world: AcmeWorld, path = KEYS): Promise<readonly Json[]> {
  const { body } = await world.own('GET', path)
  return body['items'] as unknown as readonly Json[]
}

const states = async (world: AcmeWorld): Promise<unknown[]> => (await listed(world)).map(({ state }) => state)

/** Rotates, and returns how long the previous key verifies, in seconds; null if there was none. */
async function overlapOf(world: AcmeWorld, body: unknown = {}): Promise<number | null> {
  const answer = await world.own('POST', `${KEYS}/rotate`, body)
  expect(answer.status).toBe(200)
  const until = answer.body['retired']?.['0']?.['verifiesUntil']
  return until === undefined ? null : (Date.parse(textOf(until)) - world.clock.nowMs) / 1000
}

/** Deploys a pipeline that mints tokens with the given lifetime in `test`. */
async function minting(world: AcmeWorld, name: string, expiresIn: string): Promise<string> {
  const spec = {
    trigger: { kind: 'rest', authentication: { apiKey: true }, login: true },
    steps: [{ 'jwt.generate': { subject: '"someone"', expiresIn } }],
  }
  expect((await world.own('POST', `${ACME}/pipelines`, { name, spec })).status).toBe(201)
  const wanted = { pipeline: name, version: '1.0', environment: 'test' }
  return textOf((await world.own('POST', `${ACME}/deployments`, wanted)).body['id'])
}

test('every environment starts with a signing key with matching halves', async () => {
  await using world = await openAcme()
  await world.own('POST', `${ACME}/environments`, { name: 'stage' })
  const ids = new Set<string>()
  for (const environment of ['test', 'prod', 'stage']) {
    const [key, ...more] = await listed(world, `${ACME}/environments/${environment}/signing-keys`)
    expect(more).toEqual([])
    const kid = expect.stringMatching(/^sig_[0-9A-Za-z]{16}$/) as string
    expect(key).toEqual({
      id: kid,
      algorithm: 'EdDSA',
      state: 'signing',
      createdAt: '2026-01-01T00:00:00.000Z',
      createdBy: expect.stringMatching(environment === 'stage' ? /^key_/ : /^setup$/) as string,
      verifiesUntil: null,
      publicJwk: {
        kty: 'OKP',
        crv: 'Ed25519',
        x: expect.stringMatching(/^[\w-]{43}$/) as string,
        kid,
        alg: 'EdDSA',
        use: 'sig',
      },
    })
    const [record] = records(world, environment)
    if (record === undefined) throw new Error('No gateway knows the key.')
    const jwk = privateHalf(world, record)
    expect(jwk).toMatchObject({ ...record.publicJwk, x: key?.['publicJwk']?.['x'], kid: key?.['id'] })
    expect((await importSigner(jwk, 'EdDSA', record.id)).privateKey.type).toBe('private')
    // The sealed key opens only with its own context.
    expect(() => privateHalf(world, { ...record, environment: `${environment}-2` })).toThrow(
      'cannot be opened',
    )
    ids.add(record.id)
  }
  expect(ids.size).toBe(3)
})

describe('a rotation', () => {
  test('signs with the new key at once; the previous key verifies to the last millisecond of the overlap', async () => {
    await using world = await openAcme()
    const [before] = await listed(world)
    const rotated = await world.own('POST', `${KEYS}/rotate`, { algorithm: 'ES256', overlapSeconds: 60 })
    expect(rotated).toMatchObject({
      status: 200,
      body: {
        signingKey: { algorithm: 'ES256', state: 'signing', publicJwk: { kty: 'EC', crv: 'P-256' } },
        retired: [{ id: before?.['id'], state: 'verifying', verifiesUntil: '2026-01-01T00:01:00.000Z' }],
        receipt: { confirmed: true },
      },
    })
    expect(await listed(world)).toEqual([rotated.body['signingKey'], rotated.body['retired']?.['0']])
    expect(records(world).map(({ verifiesUntilMs }) => verifiesUntilMs)).toEqual([
      world.clock.nowMs + 60_000,
      null,
    ])
    world.clock.nowMs += 59_999
    expect(await states(world)).toEqual(['signing', 'verifying'])
    world.clock.nowMs += 1
    expect(await states(world)).toEqual(['signing', 'retired'])
    // The next rotation removes expired keys.
    await world.own('POST', `${KEYS}/rotate`, { overlapSeconds: 60 })
    expect(await states(world)).toEqual(['signing', 'verifying'])
    expect(records(world).some(({ id }) => id === textOf(before?.['id']))).toBe(false)
  })

  test('without an overlap removes the previous key', async () => {
    await using world = await openAcme()
    const [before] = await listed(world)
    const rotated = await world.own('POST', `${KEYS}/rotate?wait=1`, { overlapSeconds: 0 })
    const now = new Date(world.clock.nowMs).toISOString()
    expect(rotated.body['retired']).toMatchObject([
      { id: before?.['id'], state: 'retired', verifiesUntil: now },
    ])
    expect(rotated.body['receipt']).toMatchObject({ confirmed: true })
    expect(await listed(world)).toEqual([rotated.body['signingKey']])
    expect(records(world)).toHaveLength(1)
  })

  test('by default verifies until every token of a live deployment has expired', async () => {
    await using world = await openAcme()
    expect((await world.own('POST', `${KEYS}/rotate`)).status).toBe(200)
    expect(await overlapOf(world)).toBe(HOUR_SECONDS)
    await minting(world, 'login', '15m')
    expect(await overlapOf(world)).toBe(HOUR_SECONDS)
    const long = await minting(world, 'partners', '30d')
    // Five minutes more: a gateway signs with the old key until it receives the new one.
    expect(await overlapOf(world)).toBe(30 * 24 * HOUR_SECONDS + 300)
    await world.own('DELETE', `${ACME}/deployments/${long}`)
    expect(await overlapOf(world)).toBe(HOUR_SECONDS)
    expect(await overlapOf(world, { overlapSeconds: 1 })).toBe(1)
    expect(await overlapOf(world, { overlapSeconds: 365 * 24 * HOUR_SECONDS })).toBe(365 * 24 * HOUR_SECONDS)
  })

  test('treats Ed25519 and EdDSA as the same algorithm', async () => {
    await using world = await openAcme()
    const { body } = await world.own('POST', `${KEYS}/rotate`, { algorithm: 'Ed25519' })
    expect(body['signingKey']).toMatchObject({
      algorithm: 'EdDSA',
      publicJwk: { kty: 'OKP', crv: 'Ed25519' },
    })
  })

  test('to RS256 creates an RSA key', async () => {
    await using world = await openAcme()
    const { body } = await world.own('POST', `${KEYS}/rotate`, { algorithm: 'RS256' })
    expect(body['signingKey']).toMatchObject({ algorithm: 'RS256', publicJwk: { kty: 'RSA', e: 'AQAB' } })
    expect(Buffer.from(textOf(body['signingKey']?.['publicJwk']?.['n']), 'base64url')).toHaveLength(384)
  })

  test('runs once per Idempotency-Key', async () => {
    await using world = await openAcme()
    const once = { 'idempotency-key': 'once' }
    const first = await world.own('POST', `${KEYS}/rotate`, {}, once)
    const second = await world.own('POST', `${KEYS}/rotate`, {}, once)
    expect(second).toMatchObject({ status: 200, headers: { 'idempotency-replayed': 'true' } })
    expect(second.body['signingKey']).toEqual(first.body['signingKey'])
    expect(await listed(world)).toHaveLength(2)
  })

  test.each([
    [{ algorithm: 'HS256' }, '/algorithm'],
    [{ algorithm: 'none' }, '/algorithm'],
    [{ algorithm: 'eddsa' }, '/algorithm'],
    [{ algorithm: 'Ed448' }, '/algorithm'],
    [{ overlapSeconds: -1 }, '/overlapSeconds'],
    [{ overlapSeconds: 0.5 }, '/overlapSeconds'],
    [{ overlapSeconds: 365 * 24 * HOUR_SECONDS + 1 }, '/overlapSeconds'],
    [{ overlapSeconds: '60' }, '/overlapSeconds'],
    [{ overlap: 60 }, '/overlap'],
  ])('rejects %j', async (body, path) => {
    await using world = await openAcme()
    expect(await world.own('POST', `${KEYS}/rotate`, body)).toMatchObject({
      status: 400,
      body: { code: 'invalid_request', errors: [{ path }] },
    })
    expect(await listed(world)).toHaveLength(1)
  })
})

test('an environment has at most 8 keys, and the refusal says how to make room', async () => {
  await using world = await openAcme()
  for (let count = 1; count < 8; count += 1) expect(await overlapOf(world)).toBe(HOUR_SECONDS)
  const full = await world.own('POST', `${KEYS}/rotate`, {})
  expect(full).toMatchObject({ status: 409, body: { code: 'conflict' } })
  expect(textOf(full.body['detail'])).toContain('overlapSeconds: 0')
  const pages = await world.own('GET', `${KEYS}?limit=7`)
  const last = await world.own('GET', `${KEYS}?limit=7&cursor=${textOf(pages.body['next'])}`)
  expect([...((pages.body['items'] as never) ?? []), ...((last.body['items'] as never) ?? [])]).toEqual(
    await listed(world),
  )
  expect(last.body['next']).toBeNull()
  expect((await world.own('GET', `${KEYS}?cursor=sig_0`)).status).toBe(400)

  const [signing, verifying] = await listed(world)
  expect(await world.own('DELETE', `${KEYS}/${textOf(signing?.['id'])}`)).toMatchObject({ status: 409 })
  const removed = await world.own('DELETE', `${KEYS}/${textOf(verifying?.['id'])}`)
  expect(removed).toMatchObject({ status: 200, body: { receipt: { confirmed: true } } })
  expect(records(world).some(({ id }) => id === textOf(verifying?.['id']))).toBe(false)
  expect((await world.own('DELETE', `${KEYS}/${textOf(verifying?.['id'])}`)).status).toBe(404)
  expect((await world.own('POST', `${KEYS}/rotate`, {})).status).toBe(200)
  expect((await world.own('POST', `${KEYS}/rotate`, {})).status).toBe(409)
  expect((await world.own('POST', `${KEYS}/rotate`, { overlapSeconds: 0 })).status).toBe(200)
})

test('an environment without a signing key gets one when a version that mints tokens is deployed', async () => {
  await using world = await openAcme()
  const [first] = records(world)
  if (first === undefined) throw new Error('No gateway knows the key.')
  await world.store.write(async (tx) => {
    await tx.signingKeys.remove('acme', first.id)
    tx.audit({ ...AS_BEFORE, atMs: world.clock.nowMs })
  })
  expect(await listed(world)).toEqual([])
  const spec = { trigger: { kind: 'rest' }, steps: [{ respond: {} }] }
  await world.own('POST', `${ACME}/pipelines`, { name: 'orders', spec })
  const orders = { pipeline: 'orders', version: '1.0', environment: 'test' }
  expect((await world.own('POST', `${ACME}/deployments`, orders)).status).toBe(201)
  expect(await listed(world)).toEqual([])

  const id = await minting(world, 'login', '15m')
  const [key, ...more] = await listed(world)
  expect([key?.['state'], more]).toEqual(['signing', []])
  expect(records(world).map((record) => record.id)).toEqual([key?.['id']])
  await world.own('POST', `${ACME}/deployments/${id}/redeploy`, {})
  expect(await listed(world)).toEqual([key])

  // Without any key, a rotation creates the first one.
  await world.store.write(async (tx) => {
    await tx.signingKeys.remove('acme', textOf(key?.['id']))
    tx.audit({ ...AS_BEFORE, atMs: world.clock.nowMs })
  })
  expect(await overlapOf(world)).toBeNull()
  expect(await listed(world)).toHaveLength(1)
})
const AS_BEFORE = {
  organization: 'acme',
  actor: 'setup',
  action: 'signing-keys.remove',
  target: 'signing-key/x',
  before: null,
  after: null,
}

test('a private key is in no response, log line, audit event or database file', async () => {
  await using world = await openAcme()
  const answers: unknown[] = []
  for (const algorithm of ['ES256', 'RS256', 'EdDSA']) {
    answers.push(
      await world.own('POST', `${KEYS}/rotate`, { algorithm }, { 'idempotency-key': algorithm }),
      await world.own('POST', `${KEYS}/rotate`, { algorithm }, { 'idempotency-key': algorithm }),
    )
  }
  for (const path of [KEYS, `${ACME}/environments`, `${ACME}/audit-events?limit=200`]) {
    answers.push(await world.own('GET', path))
  }
  const halves = records(world).flatMap((record) => {
    const { d, p, q, dp, dq, qi } = privateHalf(world, record)
    return [d, p, q, dp, dq, qi].filter((member) => member !== undefined)
  })
  expect(halves).toHaveLength(4 + 5)
  const text = JSON.stringify(answers) + world.log()
  const files = await readdir(world.folder)
  const bytes = Buffer.concat(
    await Promise.all(files.map(async (file) => await readFile(join(world.folder, file)))),
  )
  expect(text).toContain(records(world)[0]?.publicJwk.x)
  expect(bytes.includes(records(world)[0]?.publicJwk.x ?? '')).toBe(true)
  for (const half of halves) {
    for (const written of [half, Buffer.from(half, 'base64url').toString('hex')]) {
      expect(text.includes(written.slice(0, 40))).toBe(false)
      expect(bytes.includes(written.slice(0, 40))).toBe(false)
    }
    expect(bytes.includes(Buffer.from(half, 'base64url'))).toBe(false)
  }
  for (const record of records(world)) expect(text).not.toContain(record.sealedPrivateJwk)
})

test('enforces the permissions per environment', async () => {
  await using world = await openAcme()
  await world.own('POST', `${KEYS}/rotate`, {})
  const [, verifying] = await listed(world)
  const one = `${KEYS}/${textOf(verifying?.['id'])}`
  const withRoles = async (roles: readonly string[], environment?: string) => {
    const key = { name: 'x', type: 'secret', roles, environment }
    return bearer((await world.own('POST', `${ACME}/keys`, key)).body['token'])
  }
  const rival = bearer(
    (await world.own('POST', '/v1/organizations', { slug: 'rival', name: 'Rival' })).body['token'],
  )
  const statuses = async (headers: Record<string, string>) => [
    (await world.call('GET', KEYS, undefined, headers)).status,
    (await world.call('POST', `${KEYS}/rotate`, {}, headers)).status,
    (await world.call('DELETE', one, undefined, headers)).status,
  ]
  expect(await statuses({})).toEqual([401, 401, 401])
  expect(await statuses(rival)).toEqual([404, 404, 404])
  expect(await statuses(await withRoles(['developer']))).toEqual([403, 403, 403])
  expect(await statuses(await withRoles(['auditor']))).toEqual([200, 403, 403])
  expect(await statuses(await withRoles(['admin'], 'prod'))).toEqual([404, 404, 404])
  expect(await listed(world)).toHaveLength(2)
  // A key of another environment is not found.
  const elsewhere = `${ACME}/environments/prod/signing-keys/${textOf(verifying?.['id'])}`
  expect((await world.own('DELETE', elsewhere)).status).toBe(404)
  expect(await statuses(await withRoles(['admin'], 'test'))).toEqual([200, 200, 200])
})
