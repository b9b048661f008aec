import { afterAll, beforeAll, expect, test } from 'vitest'
import { ACME, bearer, openAcme, textOf, type AcmeWorld, type Answer } from './testing/control-world.ts'
import { signedIn, verdict } from './testing/people.ts'

const SELF = '/v1/keys/self'

let world: AcmeWorld

beforeAll(async () => {
  world = await openAcme()
  for (const [name, scope] of Object.entries({ rotator: {}, 'rotator-in-test': { environment: 'test' } })) {
    const permissions = [{ permission: 'keys.roll-self', ...scope }]
    expect((await world.own('POST', `${ACME}/roles`, { name, permissions })).status).toBe(201)
  }
})

afterAll(async () => {
  await world[Symbol.asyncDispose]()
})

async function makeKey(more: Readonly<Record<string, unknown>> = { roles: ['rotator'] }) {
  const { status, body } = await world.own('POST', `${ACME}/keys`, { name: 'k', type: 'secret', ...more })
  expect(status).toBe(201)
  return { id: textOf(body['key']?.['id']), token: textOf(body['token']) }
}

async function call(method: 'POST' | 'DELETE', path: string, token: string, body?: unknown): Promise<Answer> {
  return await world.call(method, `${SELF}${path}`, body, bearer(token as never))
}

async function works(token: string): Promise<boolean> {
  return (await world.call('GET', '/v1/whoami', undefined, bearer(token as never))).status === 200
}

test('a key rolls itself, and finishes the roll with its new token', async () => {
  const { id, token } = await makeKey()
  const rolled = await call('POST', '/roll', token, { graceSeconds: 60 })
  expect(rolled).toMatchObject({
    status: 200,
    body: { key: { id, state: 'rolling' }, receipt: { confirmed: true } },
  })
  const next = textOf(rolled.body['token'])
  expect([await works(token), await works(next)]).toEqual([true, true])
  expect(verdict(await call('POST', '/roll', next))).toEqual([409, 'roll_pending'])
  const finished = await call('POST', '/roll/finish', next)
  expect(finished).toMatchObject({ status: 200, body: { key: { id, state: 'active' } } })
  expect([await works(token), await works(next)]).toEqual([false, true])
  expect(verdict(await call('POST', '/roll/finish', next))).toEqual([409, 'conflict'])
  const log = await world.own('GET', `${ACME}/audit-events?limit=200`)
  const acts = Object.values(log.body['items'] ?? {}).filter(({ actor }) => textOf(actor) === id)
  expect(acts.map(({ action, target }) => [textOf(action), textOf(target)])).toEqual([
    ['keys.roll.finish', `key/${id}`],
    ['keys.roll', `key/${id}`],
  ])
})

test('a key with its old secret neither finishes the roll nor gives what lasts longer', async () => {
  const { id, token } = await makeKey({ roles: ['admin'] })
  const next = textOf((await call('POST', '/roll', token)).body['token'])
  const detail = expect.stringContaining('You use the old secret') as unknown
  for (const path of [`${SELF}/roll/finish`, `${ACME}/keys/${id}/roll/finish`]) {
    const refused = await world.call('POST', path, {}, bearer(token as never))
    expect(refused).toMatchObject({ status: 409, body: { code: 'conflict', detail } })
  }
  const key = { name: 'lasting', type: 'secret' }
  const made = await world.call('POST', `${ACME}/keys`, key, bearer(token as never))
  expect(made).toMatchObject({ status: 403, body: { code: 'permission_missing', detail } })
  expect((await world.call('POST', `${ACME}/keys`, key, bearer(next as never))).status).toBe(201)
  expect((await call('POST', '/roll/finish', next)).status).toBe(200)
  expect([await works(token), await works(next)]).toEqual([false, true])
})

test('a repeated roll with its Idempotency-Key gives the same token', async () => {
  const { token } = await makeKey()
  const headers = { ...bearer(token as never), 'idempotency-key': 'nightly-1' }
  const first = await world.call('POST', `${SELF}/roll`, {}, headers)
  const again = await world.call('POST', `${SELF}/roll`, {}, headers)
  expect(again).toMatchObject({ status: 200, body: { token: first.body['token'] } })
})

test('a key deletes itself', async () => {
  const { id, token } = await makeKey()
  expect(await call('DELETE', '', token)).toMatchObject({
    status: 200,
    body: { receipt: { confirmed: true } },
  })
  expect(await works(token)).toBe(false)
  expect((await world.own('GET', `${ACME}/keys/${id}`)).body['state']).toBe('deleted')
})

test('the last owner key does not', async () => {
  const owner = world.owner.authorization.slice('Bearer '.length)
  expect(verdict(await call('DELETE', '', owner))).toEqual([409, 'conflict'])
})

test('a key needs the permission where it works itself', async () => {
  const inTest = await makeKey({ roles: ['rotator-in-test'], environment: 'test' })
  expect((await call('POST', '/roll', inTest.token)).status).toBe(200)
  const inProd = await makeKey({ roles: ['rotator-in-test'], environment: 'prod' })
  const everywhere = await makeKey({ roles: ['rotator-in-test'] })
  const without = await makeKey({ roles: ['key-manager'] })
  const published = await makeKey({ type: 'public' })
  for (const { token } of [inProd, everywhere, without, published]) {
    for (const [method, path] of [
      ['POST', '/roll'],
      ['POST', '/roll/finish'],
      ['DELETE', ''],
    ] as const) {
      const refused = await call(method, path, token)
      expect(verdict(refused)).toEqual([403, 'permission_missing'])
      expect(refused.body['permission']).toBe('keys.roll-self')
    }
    expect(await works(token)).toBe(true)
  }
})

test('a key with bounds keeps them, and does not need to be without', async () => {
  const expiresAt = new Date(world.clock.nowMs + 60_000).toISOString()
  const bounds = { expiresAt, addressRules: ['127.0.0.0/8'], rateLimits: [{ requests: 100, per: 'minute' }] }
  const { token } = await makeKey({ roles: ['rotator'], ...bounds })
  const { status, body } = await call('POST', '/roll', token)
  expect(status).toBe(200)
  expect(body['key']).toMatchObject(bounds)
  expect(body['key']?.['secrets']?.['0']?.['expiresAt']).toBe(expiresAt)
})

test('a person has no key of their own', async () => {
  const { headers } = await signedIn(world, { acme: ['owner'] })
  expect(verdict(await world.call('POST', `${SELF}/roll`, {}, headers))).toEqual([401, 'unauthenticated'])
})

test('a key of another organization rolls itself there, not here', async () => {
  const made = await world.own('POST', '/v1/organizations', { slug: 'rival', name: 'Rival' })
  const { key, token } = made.body
  const keyId = textOf(key?.['id'])
  const added = await world.own('POST', `${ACME}/external-keys`, { keyId, roles: ['auditor'] })
  expect(added.status).toBe(201)
  expect((await call('POST', '/roll', textOf(token))).status).toBe(200)
  const log = await world.own('GET', `${ACME}/audit-events?limit=200`)
  expect(JSON.stringify(log.body)).not.toContain(`"keys.roll","target":"key/${keyId}"`)
})
