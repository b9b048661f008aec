import { createHash } from 'node:crypto'
import { ROLES_PER_KEY_MAX } from '@sallyport/core'
import { expect, test } from 'vitest'
import { createConsumer } from '../consumers/create-consumer.ts'
import type { CreateKeyInput } from './create-key.ts'
import { createKey, KEYS_PER_CONSUMER_MAX } from './create-key.ts'
import { deleteKey } from './delete-key.ts'
import { codeOf, openWorld, problemOf, START_MS } from '../testing/world.ts'
import { addressRule, consumerName, title } from '../testing/fields.ts'
import { getKey, listKeys } from './reading.ts'

const organization = 'acme'
const secret: CreateKeyInput = { organization, name: title('k'), type: 'secret' }

test('shows a token once and stores its digest; a public token stays readable', async () => {
  await using world = await openWorld()
  const { key, token } = await createKey(world.owner, secret)
  expect(token).toMatch(/^sp_sk_/)
  expect(key.publicTokens).toEqual([])
  expect(key.secrets).toMatchObject([
    { sequence: 1, digest: createHash('sha256').update(token).digest('hex') },
  ])
  expect(JSON.stringify(key)).not.toContain(token)
  const open = await createKey(world.owner, { ...secret, type: 'public' })
  const read = await getKey(world.owner, { organization, key: open.key.id })
  expect(read.publicTokens).toEqual([open.token])
})

test('lists every problem of a key at once', async () => {
  await using world = await openWorld()
  const wrong = createKey(world.owner, {
    ...secret,
    roles: ['owner', 'king', 'owner', 'constructor'],
    expiresAtMs: START_MS,
  })
  expect((await problemOf(wrong)).extensions).toMatchObject({
    errors: ['/roles/1', '/roles/2', '/roles/3', '/expiresAt'].map((path) => ({ path })),
  })
  await createKey(world.owner, { ...secret, expiresAtMs: START_MS + 1 })
})

test('limits the number of roles', async () => {
  await using world = await openWorld()
  const roles = Array.from({ length: ROLES_PER_KEY_MAX + 1 }, () => 'owner')
  expect(await codeOf(createKey(world.owner, { ...secret, roles }))).toBe('invalid_request')
})

test('stores a repeated address rule once', async () => {
  await using world = await openWorld()
  const addressRules = [addressRule('10.0.0.0/8'), addressRule('10.9.9.9/8')]
  const { key } = await createKey(world.owner, { ...secret, addressRules })
  expect(key.addressRules).toEqual(['10.0.0.0/8'])
})

test('rejects roles and a consumer for a public key', async () => {
  await using world = await openWorld()
  const { consumer } = await createConsumer(world.owner, {
    organization,
    name: consumerName('app'),
    environment: 'test',
  })
  const wrong = createKey(world.owner, {
    ...secret,
    type: 'public',
    roles: ['invoker'],
    consumer: consumer.id,
  })
  expect((await problemOf(wrong)).extensions).toMatchObject({
    errors: [{ path: '/roles' }, { path: '/consumer' }],
  })
})

test("a consumer's key belongs to the consumer's environment", async () => {
  await using world = await openWorld()
  const made = await createConsumer(world.owner, {
    organization,
    name: consumerName('app'),
    environment: 'test',
  })
  const consumer = made.consumer.id
  expect((await createKey(world.owner, { ...secret, consumer })).key.environment).toBe('test')
  for (const environment of ['prod', null]) {
    expect(await codeOf(createKey(world.owner, { ...secret, consumer, environment }))).toBe('invalid_request')
  }
  expect(await codeOf(createKey(world.owner, { ...secret, environment: 'nowhere' }))).toBe('invalid_request')
  expect(await codeOf(createKey(world.owner, { ...secret, consumer: 'con_0' }))).toBe('invalid_request')
  for (let count = 2; count < KEYS_PER_CONSUMER_MAX; count += 1) {
    await createKey(world.owner, { ...secret, consumer })
  }
  expect(await codeOf(createKey(world.owner, { ...secret, consumer }))).toBe('conflict')
  await deleteKey(world.owner, { organization, key: made.key.id })
  await createKey(world.owner, { ...secret, consumer })
})

test("rejects another organization's consumer as unknown", async () => {
  await using world = await openWorld()
  const { consumer } = await createConsumer(world.rival, {
    organization: 'rival',
    name: consumerName('app'),
    environment: 'test',
  })
  expect(await codeOf(createKey(world.owner, { ...secret, consumer: consumer.id }))).toBe('invalid_request')
})

test('rejects roles that permit more than the actor may', async () => {
  await using world = await openWorld()
  const manager = await world.withRoles(['key-manager'])
  for (const role of ['owner', 'admin', 'developer', 'invoker', 'auditor']) {
    const problem = await problemOf(createKey(manager, { ...secret, roles: [role] }))
    expect(problem.code).toBe('permission_missing')
    expect(problem.extensions['permission']).toMatch(/^[a-z-]+\.[a-z]+$/)
  }
  await createKey(manager, { ...secret, roles: ['key-manager'] })
  const admin = await world.withRoles(['admin'])
  expect((await problemOf(createKey(admin, { ...secret, roles: ['owner'] }))).extensions).toEqual({
    permission: 'organization.write',
  })
  const both = await world.withRoles(['key-manager', 'invoker'])
  await createKey(both, { ...secret, roles: ['invoker'] })
})

test('a key of one environment creates keys only for this environment', async () => {
  await using world = await openWorld()
  const bound = await world.withRoles(['owner'], 'test')
  expect(await codeOf(createKey(bound, secret))).toBe('permission_missing')
  expect(await codeOf(createKey(bound, { ...secret, environment: 'prod' }))).toBe('permission_missing')
  const made = await createKey(bound, { ...secret, environment: 'test', roles: ['owner'] })
  expect(made.key.createdBy).toBe(bound.actor.id)
  const seen = (await listKeys(bound, { organization, limit: 50 })).items
  expect(seen.every(({ environment }) => environment === 'test')).toBe(true)
  expect(seen).toHaveLength(2)
})

test('hides from other organizations whether a consumer exists', async () => {
  await using world = await openWorld()
  const { consumer } = await createConsumer(world.owner, {
    organization,
    name: consumerName('app'),
    environment: 'test',
  })
  for (const id of [consumer.id, 'con_0000000000000000']) {
    const probe = await problemOf(createKey(world.rival, { ...secret, consumer: id }))
    expect([probe.code, probe.extensions]).toEqual(['not_found', {}])
    expect(probe.detail).toContain('organization "acme"')
  }
})
