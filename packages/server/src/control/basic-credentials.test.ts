import { expect, test } from 'vitest'
import { verifyPassword } from '../crypto/password-hash.ts'
import { ACME, bearer, openAcme, textOf, type AcmeWorld } from './testing/control-world.ts'

const NOW = '2026-01-01T00:00:00.000Z'

/** The path of the Basic credentials of a new consumer. */
async function pathOfNewConsumer(world: AcmeWorld, name = 'app'): Promise<string> {
  const { body } = await world.own('POST', `${ACME}/consumers`, { name, environment: 'test' })
  return `${ACME}/consumers/${textOf(body['consumer']?.['id'])}/basic-credentials`
}

test('shows the password once, lists the credential without it, and removes it with a receipt', async () => {
  await using world = await openAcme()
  const path = await pathOfNewConsumer(world)
  const made = await world.own('POST', path, { username: 'erp' })
  expect(made).toMatchObject({ status: 201, body: { username: 'erp', createdAt: NOW } })
  const password = textOf(made.body['password'])
  expect(password).toMatch(/^[0-9A-Za-z]{32}$/)
  expect(made.headers['cache-control']).toBe('no-store')
  // Gateways know the credential already.
  const record = world.cell.current.basicCredential('acme', 'test', 'erp')
  expect(await verifyPassword(password, record?.passwordHash ?? '')).toBe(true)

  const list = await world.own('GET', path)
  const createdBy = expect.stringMatching(/^key_/) as string
  expect(list.body).toEqual({ items: [{ username: 'erp', createdAt: NOW, createdBy }], next: null })

  const removed = await world.own('DELETE', `${path}/erp?wait=1`)
  expect(removed).toMatchObject({ status: 200, body: { receipt: { confirmed: true } } })
  expect(world.cell.current.basicCredential('acme', 'test', 'erp')).toBeUndefined()
  expect(await world.own('DELETE', `${path}/erp`)).toMatchObject({
    status: 404,
    body: { code: 'not_found' },
  })
  expect((await world.own('GET', path)).body).toEqual({ items: [], next: null })
  expect(world.log()).not.toContain(password)
})

test('accepts a percent-encoded username in a path', async () => {
  await using world = await openAcme()
  const path = await pathOfNewConsumer(world)
  const username = 'erp/2%2F?#@example.com'
  expect(await world.own('POST', path, { username })).toMatchObject({ status: 201, body: { username } })
  const removed = await world.own('DELETE', `${path}/${encodeURIComponent(username)}`)
  expect(removed).toMatchObject({ status: 200 })
})

test('a repeated Idempotency-Key returns the same password and creates one credential', async () => {
  await using world = await openAcme()
  const path = await pathOfNewConsumer(world)
  const key = { 'idempotency-key': 'once' }
  const first = await world.own('POST', path, { username: 'erp' }, key)
  world.clock.nowMs += 1000
  const second = await world.own('POST', path, { username: 'erp' }, key)
  expect(second).toMatchObject({ status: 201, headers: { 'idempotency-replayed': 'true' } })
  expect(second.body).toEqual(first.body)
  const other = await world.own('POST', path, { username: 'crm' }, key)
  expect(other).toMatchObject({ status: 409, body: { code: 'conflict' } })
  expect((await world.own('GET', path)).body['items']).toHaveLength(1)
})

test('rejects an invalid request and lists its problems', async () => {
  await using world = await openAcme()
  const path = await pathOfNewConsumer(world)
  for (const username of ['', 'a:b', 'a b', 'é', '..', 'x'.repeat(101), 7]) {
    expect(await world.own('POST', path, { username })).toMatchObject({
      status: 400,
      body: { code: 'invalid_request', errors: [{ path: '/username' }] },
    })
  }
  const chosen = await world.own('POST', path, { username: 'erp', password: 'of my own' })
  expect(chosen).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
  await world.own('POST', path, { username: 'erp' })
  const taken = await world.own('POST', await pathOfNewConsumer(world, 'second'), { username: 'erp' })
  expect(taken).toMatchObject({ status: 409, body: { code: 'conflict' } })
})

test('hides Basic credentials without the permission', async () => {
  await using world = await openAcme()
  const path = await pathOfNewConsumer(world)
  await world.own('POST', path, { username: 'erp' })
  const { body } = await world.own('POST', '/v1/organizations', { slug: 'rival', name: 'Rival' })
  const rival = bearer(body['token'])
  for (const [headers, status] of [
    [rival, 404],
    [{}, 401],
  ] as const) {
    expect((await world.call('GET', path, undefined, headers)).status).toBe(status)
    expect((await world.call('POST', path, { username: 'mine' }, headers)).status).toBe(status)
    expect((await world.call('DELETE', `${path}/erp`, undefined, headers)).status).toBe(status)
  }
  expect((await world.own('GET', path)).body['items']).toHaveLength(1)
})
