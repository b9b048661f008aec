import { createHash } from 'node:crypto'
import { ROLES_PER_KEY_MAX } from '@sallyport/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createConsumer } from '../consumers/create-consumer.ts'
import type { CreateKeyInput } from './create-key.ts'
import { createKey, KEYS_PER_CONSUMER_MAX } from './create-key.ts'
import { deleteKey } from './delete-key.ts'
import { codeOf, openWorld, problemOf, START_MS, type World } from '../testing/world.ts'
import { addressRule, consumerName, keyRateLimits, title } from '../testing/fields.ts'
import { listKeys } from './list-keys.ts'
import { getKey } from './reading.ts'

const organization = 'acme'
const secret: CreateKeyInput = { organization, name: title('k'), type: 'secret' }

/** Shared by the tests that each create their own keys. */
let world: World

beforeAll(async () => {
  world = await openWorld()
})

afterAll(async () => {
  await world[Symbol.asyncDispose]()
})

test('shows a token once and stores its digest; a public token stays readable', async () => {
  const { key, token } = await createKey(world.owner, secret)
  expect(token).toMatch(/^sp_sk_/)
  expect(key.publicTokens).toEqual([])
  expect(key.secrets).toMatchObject([
    { sequence: 1, digest: createHash('sha256').update(token).digest('hex') },
  ])
  expect(JSON.stringify(key)).not.toContain(token)
  const open = await createKey(world.owner, { ...secret, type: 'public', consumer: null })
  const read = await getKey(world.owner, { organization, key: open.key.id })
  expect(read.publicTokens).toEqual([open.token])
})

test('lists every problem of a key at once', async () => {
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
  const roles = Array.from({ length: ROLES_PER_KEY_MAX + 1 }, () => 'owner')
  expect(await codeOf(createKey(world.owner, { ...secret, roles }))).toBe('invalid_request')
})

test('stores a repeated address rule once', async () => {
  const addressRules = [addressRule('10.0.0.0/8'), addressRule('10.9.9.9/8')]
  const { key } = await createKey(world.owner, { ...secret, addressRules })
  expect(key.addressRules).toEqual(['10.0.0.0/8'])
})

test('rejects roles and a consumer for a public key', async () => {
  const { consumer } = await createConsumer(world.owner, {
    organization,
    name: consumerName('public'),
    environment: 'test',
  })
  const wrong = createKey(world.owner, {
    ...secret,
    type: 'public',
    roles: ['invoker'],
    consumer: consumer.id,
  })
  expect((await problemOf(wrong)).extensions).toEqual({
    errors: [
      { path: '/roles', message: 'A public key has no roles.' },
      { path: '/consumer', message: 'A public key belongs to the organization, not to a consumer.' },
    ],
  })
})

test("a consumer's key belongs to the consumer's environment", async () => {
  const made = await createConsumer(world.owner, {
    organization,
    name: consumerName('app'),
    environment: 'test',
  })
  const consumer = made.consumer.id
  expect((await createKey(world.owner, { ...secret, consumer })).key.environment).toBe('test')
  expect((await createKey(world.owner, { ...secret, consumer, environment: 'test' })).key).toMatchObject({
    consumer,
    environment: 'test',
  })
  const errorsOf = async (input: Partial<CreateKeyInput>): Promise<unknown> =>
    (await problemOf(createKey(world.owner, { ...secret, ...input }))).extensions['errors']
  for (const environment of ['prod', null]) {
    const message = 'The consumer "app" belongs to test. Its keys belong to the same environment.'
    expect(await errorsOf({ consumer, environment })).toEqual([{ path: '/environment', message }])
  }
  const noEnvironment = { path: '/environment', message: 'There is no environment "nowhere".' }
  expect(await errorsOf({ environment: 'nowhere' })).toEqual([noEnvironment])
  expect(await errorsOf({ consumer: 'con_0' })).toEqual([
    { path: '/consumer', message: 'There is no consumer "con_0".' },
  ])
  for (let count = 3; count < KEYS_PER_CONSUMER_MAX; count += 1) {
    await createKey(world.owner, { ...secret, consumer })
  }
  const refused = await problemOf(createKey(world.owner, { ...secret, consumer }))
  expect([refused.code, refused.detail]).toEqual([
    'conflict',
    `A consumer has at most ${KEYS_PER_CONSUMER_MAX} keys. Delete an unused one.`,
  ])
  await deleteKey(world.owner, { organization, key: made.key.id })
  await createKey(world.owner, { ...secret, consumer })
})

test('a consumer that the actor may not read does not exist for it', async () => {
  const input = { organization, name: consumerName('unreadable'), environment: 'test' }
  const { consumer } = await createConsumer(world.owner, input)
  const elsewhere = await world.withRoles(['key-manager'], 'prod')
  const refused = await problemOf(createKey(elsewhere, { ...secret, consumer: consumer.id }))
  expect(refused.extensions['errors']).toMatchObject([{ path: '/consumer' }])
  const inside = await world.withRoles(['key-manager'], 'test')
  await createKey(inside, { ...secret, consumer: consumer.id })
})

test('an actor without the permission learns it, before anything about its input', async () => {
  const auditor = await world.withRoles(['auditor'])
  const refused = await problemOf(createKey(auditor, { ...secret, roles: ['king'], environment: 'nowhere' }))
  expect(refused.extensions).toEqual({ permission: 'keys.create' })
})

test('a key ends no later than the key that creates it, and has no wider bounds', async () => {
  const bounds = {
    expiresAtMs: START_MS + 1000,
    addressRules: [addressRule('10.0.0.0/8')],
    rateLimits: keyRateLimits([{ requests: 60, per: 'minute', by: 'credential' }]),
  }
  const { token } = await createKey(world.owner, { ...secret, roles: ['key-manager'], ...bounds })
  const actor = await world.as(token, '10.0.0.1')
  const made = await createKey(actor, { ...secret, ...bounds })
  expect(made.key).toMatchObject(bounds)
  for (const wider of [
    { expiresAtMs: START_MS + 1001 },
    { expiresAtMs: null },
    { addressRules: [] },
    { addressRules: undefined },
    { rateLimits: undefined },
  ]) {
    const refused = await problemOf(createKey(actor, { ...secret, ...bounds, ...wider }))
    expect([refused.code, refused.extensions]).toEqual(['permission_missing', { permission: 'keys.create' }])
  }
})

test('counts towards the quota of keys', async () => {
  await using fresh = await openWorld()
  // The two keys of the set-up count too.
  fresh.quotas.keys = 3
  await createKey(fresh.owner, secret)
  expect((await problemOf(createKey(fresh.owner, secret))).extensions).toEqual({
    quota: 'keys',
    used: 3,
    limit: 3,
  })
})

test("rejects another organization's consumer as unknown", async () => {
  const { consumer } = await createConsumer(world.rival, {
    organization: 'rival',
    name: consumerName('theirs'),
    environment: 'test',
  })
  expect(await codeOf(createKey(world.owner, { ...secret, consumer: consumer.id }))).toBe('invalid_request')
})

test('rejects roles that permit more than the actor may', async () => {
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
  await using fresh = await openWorld()
  const bound = await fresh.withRoles(['owner'], 'test')
  expect(await codeOf(createKey(bound, secret))).toBe('permission_missing')
  expect(await codeOf(createKey(bound, { ...secret, environment: 'prod' }))).toBe('permission_missing')
  const made = await createKey(bound, { ...secret, environment: 'test', roles: ['owner'] })
  expect(made.key.createdBy).toBe(bound.actor.id)
  const seen = (await listKeys(bound, { organization, limit: 50 })).items
  expect(seen.every(({ environment }) => environment === 'test')).toBe(true)
  expect(seen).toHaveLength(2)
})

test('hides from other organizations whether a consumer exists', async () => {
  const { consumer } = await createConsumer(world.owner, {
    organization,
    name: consumerName('probed'),
    environment: 'test',
  })
  for (const id of [consumer.id, 'con_0000000000000000']) {
    const probe = await problemOf(createKey(world.rival, { ...secret, consumer: id }))
    expect([probe.code, probe.extensions]).toEqual(['not_found', {}])
    expect(probe.detail).toContain('organization "acme"')
  }
})
