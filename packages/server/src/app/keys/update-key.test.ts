import { expect, test } from 'vitest'
import { createConsumer } from '../consumers/create-consumer.ts'
import { createKey } from './create-key.ts'
import { deleteKey } from './delete-key.ts'
import { codeOf, openWorld, problemOf, START_MS } from '../testing/world.ts'
import { addressRule, consumerName, keyRateLimits, title } from '../testing/fields.ts'
import { updateKey } from './update-key.ts'
import { listKeys, type ListKeysInput } from './list-keys.ts'
import { getKey } from './reading.ts'

const organization = 'acme'
const DAY_MS = 86_400_000

test('an update changes only the given fields, and never the secrets', async () => {
  await using world = await openWorld()
  const input = { organization, name: title('k'), type: 'secret', expiresAtMs: START_MS + DAY_MS } as const
  const { key } = await createKey(world.owner, input)
  const change = { organization, key: key.id }
  const first = await updateKey(world.owner, {
    ...change,
    addressRules: [addressRule('10.1.2.3/8')],
    name: title('new'),
  })
  expect(first.key).toEqual({ ...key, name: 'new', addressRules: ['10.0.0.0/8'] })
  const second = await updateKey(world.owner, { ...change, expiresAtMs: null, active: false })
  expect(second.key).toEqual({ ...first.key, expiresAtMs: null, active: false })
  expect(await getKey(world.owner, change)).toEqual(second.key)
  expect(second.revision).toBeGreaterThan(first.revision)
})

test('rejects an expiry in the past, but renames an expired key', async () => {
  await using world = await openWorld()
  const expiresAtMs = START_MS + 1000
  const { key } = await createKey(world.owner, {
    organization,
    name: title('k'),
    type: 'secret',
    expiresAtMs,
  })
  const change = { organization, key: key.id }
  expect(await codeOf(updateKey(world.owner, { ...change, expiresAtMs: START_MS }))).toBe('invalid_request')
  world.clock.nowMs = expiresAtMs
  await updateKey(world.owner, { ...change, expiresAtMs, name: title('over') })
  expect(await codeOf(updateKey(world.owner, { ...change, expiresAtMs: expiresAtMs - 1 }))).toBe(
    'invalid_request',
  )
})

test('a deleted key stays deleted, and deleting it again changes nothing', async () => {
  await using world = await openWorld()
  const { key } = await createKey(world.owner, { organization, name: title('k'), type: 'secret' })
  const change = { organization, key: key.id }
  const deleted = await deleteKey(world.owner, change)
  expect(deleted).toEqual({
    key: { ...key, deletedAtMs: START_MS },
    revision: await world.store.feed.head(),
  })
  world.clock.nowMs += 1
  const refused = await problemOf(updateKey(world.owner, { ...change, active: true }))
  expect([refused.code, refused.detail]).toEqual([
    'conflict',
    'The key is deleted. Create a new key instead.',
  ])
  expect(await deleteKey(world.owner, change)).toEqual(deleted)
  const names = async (includeDeleted?: boolean): Promise<string[]> =>
    (await listKeys(world.owner, { organization, limit: 50, includeDeleted })).items.map(({ name }) => name)
  expect(await names()).not.toContain('k')
  expect(await names(true)).toContain('k')
})

test('an update requires the permissions that the key has afterwards', async () => {
  await using world = await openWorld()
  const manager = await world.withRoles(['key-manager'])
  const { key } = await createKey(world.owner, {
    organization,
    name: title('k'),
    type: 'secret',
    roles: ['invoker'],
  })
  const change = { organization, key: key.id }
  const refused = await problemOf(updateKey(manager, { ...change, roles: ['invoker', 'owner'] }))
  expect(refused.extensions).toMatchObject({ permission: expect.any(String) })
  // A key manager may rename the key and take rights away, but not restore them.
  await updateKey(manager, { ...change, name: title('other') })
  await updateKey(manager, { ...change, name: title('named'), active: false, expiresAtMs: START_MS + DAY_MS })
  for (const giving of [
    { active: true },
    { expiresAtMs: START_MS + DAY_MS + 1 },
    { expiresAtMs: null },
    { addressRules: [addressRule('10.0.0.0/8')] },
    { rateLimits: keyRateLimits([{ requests: 1, per: 'day', by: 'consumer' }]) },
  ] as const) {
    expect(await codeOf(updateKey(manager, { ...change, ...giving }))).toBe('permission_missing')
  }
  await updateKey(world.owner, { ...change, active: true })
  await updateKey(manager, { ...change, roles: [] })
  await updateKey(manager, { ...change, roles: ['key-manager'], expiresAtMs: null })
})

test('a key cannot extend its own permissions', async () => {
  await using world = await openWorld()
  const manager = await world.withRoles(['key-manager'])
  const self = { organization, key: manager.actor.id }
  expect(await codeOf(updateKey(manager, { ...self, roles: ['key-manager', 'admin'] }))).toBe(
    'permission_missing',
  )
  expect(await codeOf(updateKey(manager, { ...self, roles: ['king'] }))).toBe('invalid_request')
})

test('names the missing permission to a reader, and hides the key from anyone else', async () => {
  await using world = await openWorld()
  const { key } = await createKey(world.owner, {
    organization,
    name: title('k'),
    type: 'secret',
    environment: 'prod',
  })
  const change = { organization, key: key.id }
  const auditor = await world.withRoles(['auditor'])
  expect((await problemOf(updateKey(auditor, change))).extensions).toEqual({ permission: 'keys.write' })
  expect((await problemOf(deleteKey(auditor, change))).extensions).toEqual({ permission: 'keys.delete' })
  const elsewhere = await world.withRoles(['owner'], 'test')
  for (const who of [elsewhere, world.rival, await world.withRoles(['invoker'])]) {
    const hidden = await problemOf(deleteKey(who, change))
    const absent = await problemOf(deleteKey(who, { organization, key: 'key_0000000000000000' }))
    expect([hidden.code, hidden.extensions]).toEqual([absent.code, absent.extensions])
    expect(hidden.code).toBe('not_found')
  }
  expect(await codeOf(getKey(world.owner, { organization, key: 'not a key' }))).toBe('not_found')
  // The key is not found under the other organization either.
  expect(await codeOf(getKey(world.rival, { organization: 'rival', key: key.id }))).toBe('not_found')
})

test('rejects roles for an existing public key', async () => {
  await using world = await openWorld()
  const { key } = await createKey(world.owner, { organization, name: title('site'), type: 'public' })
  const change = { organization, key: key.id }
  expect((await problemOf(updateKey(world.owner, { ...change, roles: ['invoker'] }))).extensions).toEqual({
    errors: [{ path: '/roles', message: 'A public key has no roles.' }],
  })
  expect((await updateKey(world.owner, { ...change, roles: [] })).key).toEqual(key)
})

test('lists every problem of an update at once', async () => {
  await using world = await openWorld()
  const { key } = await createKey(world.owner, { organization, name: title('k'), type: 'secret' })
  const wrong = { organization, key: key.id, roles: ['invoker', 'king'], expiresAtMs: START_MS }
  expect((await problemOf(updateKey(world.owner, wrong))).extensions).toMatchObject({
    errors: [{ path: '/roles/1' }, { path: '/expiresAt' }],
  })
})

test('a key of narrower bounds may narrow or rename a key, but not let it work longer or from elsewhere', async () => {
  await using world = await openWorld()
  const rule = addressRule('10.0.0.0/8')
  const input = { organization, name: title('k'), type: 'secret', roles: ['key-manager'] } as const
  const { token } = await createKey(world.owner, { ...input, addressRules: [rule] })
  const actor = await world.as(token, '10.0.0.1')
  const { key } = await createKey(world.owner, input)
  const change = { organization, key: key.id }
  await updateKey(actor, { ...change, name: title('named'), expiresAtMs: START_MS + DAY_MS, roles: [] })
  for (const giving of [
    { roles: ['key-manager'] },
    { expiresAtMs: START_MS + DAY_MS + 1 },
    { expiresAtMs: null },
  ]) {
    const refused = await problemOf(updateKey(actor, { ...change, ...giving }))
    expect([refused.code, refused.extensions]).toEqual(['permission_missing', { permission: 'keys.write' }])
  }
  // The addresses become narrower, and then as wide as those of the actor.
  await updateKey(actor, { ...change, addressRules: [addressRule('10.1.0.0/16')] })
  await updateKey(actor, { ...change, addressRules: [rule], active: false })
  expect(await codeOf(updateKey(actor, { ...change, addressRules: [addressRule('11.0.0.0/8')] }))).toBe(
    'permission_missing',
  )
  await updateKey(actor, { ...change, active: true, roles: ['key-manager'] })
  await updateKey(world.owner, { ...change, addressRules: [], active: false })
  expect(await codeOf(updateKey(actor, { ...change, active: true }))).toBe('permission_missing')
})

test('lists the keys of an environment or of a consumer', async () => {
  await using world = await openWorld()
  const consumer = { organization, name: consumerName('app'), environment: 'prod' }
  const app = await createConsumer(world.owner, consumer)
  const input = { organization, type: 'secret', name: title('of prod'), environment: 'prod' } as const
  const bound = await createKey(world.owner, input)
  const idsOf = async (filter: Partial<ListKeysInput>): Promise<unknown[]> =>
    (await listKeys(world.owner, { organization, limit: 50, ...filter })).items.map(({ id }) => id).toSorted()
  expect(await idsOf({ environment: 'prod' })).toEqual([app.key.id, bound.key.id].toSorted())
  expect(await idsOf({ consumer: app.consumer.id })).toEqual([app.key.id])
  expect(await idsOf({ environment: 'test' })).toEqual([])
  const invoker = await world.withRoles(['invoker'])
  expect((await problemOf(listKeys(invoker, { organization, limit: 50 }))).extensions).toEqual({
    permission: 'keys.read',
  })
})
