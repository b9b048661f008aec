import { makeToken, parseToken } from '@sallyport/core'
import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { authenticate } from './authenticate.ts'
import { createConsumer } from '../consumers/create-consumer.ts'
import { createKey } from '../keys/create-key.ts'
import { deleteKey } from '../keys/delete-key.ts'
import { removeConsumer } from '../consumers/remove-consumer.ts'
import { openWorld, problemOf, START_MS } from '../testing/world.ts'
import { consumerName, title } from '../testing/fields.ts'
import { updateConsumer } from '../consumers/update-consumer.ts'
import { updateKey } from '../keys/update-key.ts'

const organization = 'acme'

test('An active key authenticates with the grants of its roles', async () => {
  await using world = await openWorld()
  const actor = await authenticate(world.anonymous, world.acme.token)
  expect(actor).toMatchObject({ kind: 'key', id: world.acme.key.id, organizations: ['acme'] })
  expect(actor.grantsIn('rival')).toBeUndefined()
  expect(actor.grantsIn('acme')).toContainEqual({ permission: 'organization.write' })
})

test('A key of one environment has its grants there alone', async () => {
  await using world = await openWorld()
  const { actor } = await world.withRoles(['invoker'], 'test')
  expect(actor.grantsIn('acme')).toEqual([{ permission: 'pipelines.invoke', environment: 'test' }])
})

test('A public key authenticates without any permission', async () => {
  await using world = await openWorld()
  const { token } = await createKey(world.owner, { organization, name: title('site'), type: 'public' })
  expect((await authenticate(world.anonymous, token)).grantsIn('acme')).toEqual([])
})

test('A token that is not to the character one of ours is refused without a word about the key', async () => {
  await using world = await openWorld()
  const { token } = world.acme
  const keyId = parseToken(token)?.keyId ?? 'key_'
  const otherSecret = makeToken('secret', keyId, randomBytes)
  const otherType = makeToken('public', keyId, randomBytes)
  const broken = token.slice(0, -1) + (token.endsWith('0') ? '1' : '0')
  for (const wrong of ['', 'sp_sk_', broken, `${token} `, otherSecret, otherType]) {
    const problem = await problemOf(authenticate(world.anonymous, wrong))
    expect(problem.code).toBe('unauthenticated')
    expect(problem.detail).toContain('credential_invalid')
    expect(problem.extensions).toEqual({})
  }
})

test('A key works up to its last millisecond, and not in the one after', async () => {
  await using world = await openWorld()
  const expiresAtMs = START_MS + 1000
  const { token } = await createKey(world.owner, {
    organization,
    name: title('brief'),
    type: 'secret',
    expiresAtMs,
  })
  world.clock.nowMs = expiresAtMs - 1
  await authenticate(world.anonymous, token)
  world.clock.nowMs = expiresAtMs
  expect((await problemOf(authenticate(world.anonymous, token))).detail).toContain('key_expired')
})

test('A key that is switched off or deleted is refused, and told why', async () => {
  await using world = await openWorld()
  const { key, token } = await createKey(world.owner, { organization, name: title('k'), type: 'secret' })
  await updateKey(world.owner, { organization, key: key.id, active: false })
  expect((await problemOf(authenticate(world.anonymous, token))).detail).toContain('key_inactive')
  await updateKey(world.owner, { organization, key: key.id, active: true })
  await authenticate(world.anonymous, token)
  await deleteKey(world.owner, { organization, key: key.id })
  expect((await problemOf(authenticate(world.anonymous, token))).detail).toContain('key_deleted')
})

test('A key goes with its consumer: switched off, and removed', async () => {
  await using world = await openWorld()
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
