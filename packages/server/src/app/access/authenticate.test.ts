import { makeToken, parseToken } from '@sallyport/core'
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { authenticate } from './authenticate.ts'
import { createConsumer } from '../consumers/create-consumer.ts'
import { createKey } from '../keys/create-key.ts'
import { deleteKey } from '../keys/delete-key.ts'
import { removeConsumer } from '../consumers/remove-consumer.ts'
import { codeOf, openWorld, problemOf, START_MS, type World } from '../testing/world.ts'
import { addressRule, consumerName, graceSeconds, keyRateLimits, title } from '../testing/fields.ts'
import { updateConsumer } from '../consumers/update-consumer.ts'
import { updateKey } from '../keys/update-key.ts'
import { rollKey } from '../keys/roll-key.ts'

const organization = 'acme'

let world: World

beforeAll(async () => {
  world = await openWorld()
})

afterAll(async () => {
  await world[Symbol.asyncDispose]()
})

test('An active key authenticates with the grants of its roles', async () => {
  const actor = await authenticate(world.anonymous, world.acme.token)
  expect(actor).toMatchObject({ kind: 'key', id: world.acme.key.id, organizations: ['acme'] })
  expect(actor.grantsIn('rival')).toBeUndefined()
  expect(actor.grantsIn('acme')).toContainEqual({ permission: 'organization.write' })
})

test('A key of one environment has its grants there alone', async () => {
  const { actor } = await world.withRoles(['invoker'], 'test')
  expect(actor.grantsIn('acme')).toEqual([{ permission: 'pipelines.invoke', environment: 'test' }])
})

test('A public key authenticates without any permission', async () => {
  const { token } = await createKey(world.owner, { organization, name: title('site'), type: 'public' })
  expect((await authenticate(world.anonymous, token)).grantsIn('acme')).toEqual([])
})

test('A token that is not to the character one of ours is refused without a word about the key', async () => {
  const { token } = world.acme
  const keyId = parseToken(token)?.keyId ?? 'key_'
  const otherSecret = makeToken('secret', keyId, randomBytes)
  const otherType = makeToken('public', keyId, randomBytes)
  const otherKey = makeToken('secret', 'key_0000000000000000', randomBytes)
  const broken = token.slice(0, -1) + (token.endsWith('0') ? '1' : '0')
  for (const wrong of ['', 'sp_sk_', broken, `${token} `, otherSecret, otherType, otherKey]) {
    const problem = await problemOf(authenticate(world.anonymous, wrong))
    expect(problem.code).toBe('unauthenticated')
    expect(problem.detail).toBe(
      'The API key is not valid (credential_invalid). Check that you copied the whole key, or ask for a new one.',
    )
    expect(problem.extensions).toEqual({})
  }
})

test('A key works up to its last millisecond, and not in the one after', async () => {
  await using fresh = await openWorld()
  const expiresAtMs = START_MS + 1000
  const { token } = await createKey(fresh.owner, {
    organization,
    name: title('brief'),
    type: 'secret',
    expiresAtMs,
  })
  fresh.clock.nowMs = expiresAtMs - 1
  await authenticate(fresh.anonymous, token)
  fresh.clock.nowMs = expiresAtMs
  expect((await problemOf(authenticate(fresh.anonymous, token))).detail).toContain('key_expired')
})

test('A key that is switched off or deleted is refused, and told why', async () => {
  const { key, token } = await createKey(world.owner, { organization, name: title('k'), type: 'secret' })
  await updateKey(world.owner, { organization, key: key.id, active: false })
  expect((await problemOf(authenticate(world.anonymous, token))).detail).toContain('key_inactive')
  await updateKey(world.owner, { organization, key: key.id, active: true })
  await authenticate(world.anonymous, token)
  await deleteKey(world.owner, { organization, key: key.id })
  expect((await problemOf(authenticate(world.anonymous, token))).detail).toContain('key_deleted')
})

test('A key goes with its consumer: switched off, and removed', async () => {
  const made = await createConsumer(world.owner, {
    organization,
    name: consumerName('app'),
    environment: 'test',
  })
  await authenticate(world.anonymous, made.token)
  const consumer = made.consumer.id
  await updateConsumer(world.owner, { organization, consumer, status: 'inactive' })
  expect((await problemOf(authenticate(world.anonymous, made.token))).detail).toContain('key_inactive')
  await removeConsumer(world.owner, { organization, consumer })
  expect((await problemOf(authenticate(world.anonymous, made.token))).detail).toContain('key_deleted')
})

test('A key with address rules authenticates only from its addresses', async () => {
  const input = { organization, name: title('k'), type: 'secret' } as const
  const { token } = await createKey(world.owner, { ...input, addressRules: [addressRule('192.0.2.0/24')] })
  await authenticate(world.anonymous, token, '192.0.2.255')
  for (const address of ['192.0.3.0', undefined]) {
    expect(await codeOf(authenticate(world.anonymous, token, address))).toBe('address_not_allowed')
  }
  const { token: anywhere } = await createKey(world.owner, input)
  for (const address of ['192.0.3.0', undefined]) await authenticate(world.anonymous, anywhere, address)
})

test('The bounds of a key end with the key or with the secret that was sent', async () => {
  const addressRules = [addressRule('192.0.2.0/24')]
  const rateLimits = keyRateLimits([{ requests: 1, per: 'day', by: 'credential' }])
  const input = { organization, name: title('k'), type: 'secret', addressRules, rateLimits } as const
  const boundsOf = async (token: string): Promise<unknown> =>
    (await authenticate(world.anonymous, token, '192.0.2.1')).bounds
  const made = await createKey(world.owner, input)
  expect(await boundsOf(made.token)).toEqual({ expiresAtMs: null, addressRules, rateLimits })
  const change = { organization, key: made.key.id }
  const rolled = await rollKey(world.owner, { ...change, graceSeconds: graceSeconds(60) })
  expect(await boundsOf(made.token)).toMatchObject({ expiresAtMs: START_MS + 60_000 })
  expect(await boundsOf(rolled.token)).toMatchObject({ expiresAtMs: null })
  await updateKey(world.owner, { ...change, expiresAtMs: START_MS + 90_000 })
  expect(await boundsOf(made.token)).toMatchObject({ expiresAtMs: START_MS + 60_000 })
  expect(await boundsOf(rolled.token)).toMatchObject({ expiresAtMs: START_MS + 90_000 })
})

test('Names the consumer of a key, and whether the key is public', async () => {
  const { consumer, token } = await createConsumer(world.owner, {
    organization,
    name: consumerName('named'),
    environment: 'test',
  })
  const site = await createKey(world.owner, { organization, name: title('site'), type: 'public' })
  expect(await authenticate(world.anonymous, token)).toMatchObject({ consumer: consumer.id, isPublic: false })
  expect(await authenticate(world.anonymous, site.token)).toMatchObject({ consumer: null, isPublic: true })
})

test('A renewed key has the bounds and grants of now, and is refused once it no longer works', async () => {
  const input = { organization, name: title('k'), type: 'secret', roles: ['invoker'] } as const
  const { key, token } = await createKey(world.owner, input)
  const actor = await authenticate(world.anonymous, token)
  const change = { organization, key: key.id }
  await updateKey(world.owner, { ...change, roles: [], expiresAtMs: START_MS + 5 })
  expect(actor.grantsIn('acme')).toEqual([{ permission: 'pipelines.invoke' }])
  await actor.renew(world.store.read, START_MS)
  expect(actor.grantsIn('acme')).toEqual([])
  expect(actor.bounds.expiresAtMs).toBe(START_MS + 5)
  expect((await problemOf(actor.renew(world.store.read, START_MS + 5))).detail).toContain('key_expired')
})
