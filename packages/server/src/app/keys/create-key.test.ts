import { createHash } from 'node:crypto'
import { ADDRESS_RULES_PER_KEY_MAX, RATE_LIMITS_MAX } from '@sallyport/core'
import { expect, test } from 'vitest'
import { createConsumer } from '../consumers/create-consumer.ts'
import type { CreateKeyInput } from './create-key.ts'
import { createKey, KEYS_PER_CONSUMER_MAX } from './create-key.ts'
import { deleteKey } from './delete-key.ts'
import { getKey } from './get-key.ts'
import { listKeys } from './list-keys.ts'
import { codeOf, openWorld, problemOf, START_MS } from '../testing/world.ts'

const organization = 'acme'
const secret: CreateKeyInput = { organization, name: 'k', type: 'secret' }

test('A token is shown once and kept as its digest; a public one stays readable', async () => {
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

test('Everything that is wrong with a key is said at once', async () => {
  await using world = await openWorld()
  const wrong = createKey(world.owner, {
    ...secret,
    name: '',
    roles: ['owner', 'king', 'owner', 'constructor'],
    expiresAtMs: START_MS,
    addressRules: ['10.0.0.0/33'],
    rateLimits: [{ requests: 0, per: 'minute', by: 'consumer' }],
  })
  const paths = ['/name', '/roles/1', '/roles/2', '/roles/3', '/expiresAt', '/addressRules/0']
  expect((await problemOf(wrong)).extensions).toMatchObject({
    errors: [...paths, '/rateLimits/0/requests'].map((path) => ({ path })),
  })
  await createKey(world.owner, { ...secret, expiresAtMs: START_MS + 1 })
})

test('Lists are bounded', async () => {
  await using world = await openWorld()
  const rules = (count: number): string[] => Array.from({ length: count }, (_, index) => `10.0.0.${index}`)
  await createKey(world.owner, { ...secret, addressRules: rules(ADDRESS_RULES_PER_KEY_MAX) })
  const tooMany = createKey(world.owner, { ...secret, addressRules: rules(ADDRESS_RULES_PER_KEY_MAX + 1) })
  expect(await codeOf(tooMany)).toBe('invalid_request')
  const limit = { requests: 1, per: 'day', by: 'consumer' } as const
  const limits = Array.from({ length: RATE_LIMITS_MAX + 1 }, () => limit)
  expect(await codeOf(createKey(world.owner, { ...secret, rateLimits: limits }))).toBe('invalid_request')
  const roles = Array.from({ length: 17 }, () => 'owner')
  expect(await codeOf(createKey(world.owner, { ...secret, roles }))).toBe('invalid_request')
})

test('A public key opens nothing by itself', async () => {
  await using world = await openWorld()
  const { consumer } = await createConsumer(world.owner, { organization, name: 'app', environment: 'test' })
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

test("A consumer's key lives where the consumer lives", async () => {
  await using world = await openWorld()
  const made = await createConsumer(world.owner, { organization, name: 'app', environment: 'test' })
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

test("Another organization's consumer is as good as none", async () => {
  await using world = await openWorld()
  const { consumer } = await createConsumer(world.rival, {
    organization: 'rival',
    name: 'app',
    environment: 'test',
  })
  expect(await codeOf(createKey(world.owner, { ...secret, consumer: consumer.id }))).toBe('invalid_request')
})

test('Nobody gives what they do not have', async () => {
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

test('A key of one environment makes keys there alone, and none that reach further', async () => {
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
