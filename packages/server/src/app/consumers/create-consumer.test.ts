import { expect, test } from 'vitest'
import { auditEntry } from '../audit/audit-entry.ts'
import { createConsumer } from './create-consumer.ts'
import { createKey } from '../keys/create-key.ts'
import { removeConsumer } from './remove-consumer.ts'
import { removePipeline } from '../pipelines/remove-pipeline.ts'
import { codeOf, openWorld, pipeline, problemOf, START_MS } from '../testing/world.ts'
import { consumerName, description, title } from '../testing/fields.ts'
import { updateConsumer } from './update-consumer.ts'
import { getConsumer, listConsumers } from './reading.ts'
import { listKeys } from '../keys/list-keys.ts'
import { getKey } from '../keys/reading.ts'

const organization = 'acme'
const environment = 'test'
const limit = 50

test('creates a consumer with a key and its pipelines', async () => {
  await using world = await openWorld()
  await pipeline(world.owner, 'orders')
  const name = consumerName('Mobile app (iOS)')
  const input = { organization, name, environment, pipelines: ['orders', 'orders'] }
  const { consumer, key, token } = await createConsumer(world.owner, input)
  expect(consumer).toMatchObject({ name: 'Mobile app (iOS)', active: true, pipelines: ['orders'] })
  expect(key).toMatchObject({ consumer: consumer.id, environment, type: 'secret', roles: [] })
  expect((await world.as(token)).actor.grantsIn('acme')).toEqual([])
  expect(await getConsumer(world.owner, { organization, consumer: consumer.id })).toEqual(consumer)
  expect(await codeOf(createConsumer(world.owner, input))).toBe('conflict')
  const other = { ...input, name: consumerName(input.name.toUpperCase()) }
  expect((await problemOf(createConsumer(world.owner, other))).detail).toContain(`"${input.name}"`)
  await createConsumer(world.owner, { ...input, environment: 'prod' })
  const prod = await listConsumers(world.owner, { organization, environment: 'prod', limit })
  expect(prod.items).toHaveLength(1)
})

test('gives the first key the bounds that are asked for, if it can still be used', async () => {
  await using world = await openWorld()
  const input = { organization, name: consumerName('app'), environment }
  const past = createConsumer(world.owner, { ...input, key: { expiresAtMs: START_MS } })
  expect((await problemOf(past)).extensions).toMatchObject({ errors: [{ path: '/key/expiresAt' }] })
  const { key } = await createConsumer(world.owner, { ...input, key: { expiresAtMs: START_MS + 1 } })
  expect(key).toMatchObject({ expiresAtMs: START_MS + 1, addressRules: [], rateLimits: [] })
})

test('lists every unknown pipeline, and rejects an unknown environment', async () => {
  await using world = await openWorld()
  await pipeline(world.owner, 'orders')
  const input = { organization, name: consumerName('app'), environment }
  const pipelines = ['orders', 'nothing', 'neither']
  const unknown = await problemOf(createConsumer(world.owner, { ...input, pipelines }))
  expect(unknown.code).toBe('invalid_request')
  expect(unknown.extensions).toMatchObject({ errors: [{ path: '/pipelines/1' }, { path: '/pipelines/2' }] })
  await createConsumer(world.owner, { ...input, pipelines: ['orders'] })
  const nowhere = createConsumer(world.owner, { ...input, environment: 'nowhere' })
  expect((await problemOf(nowhere)).extensions).toMatchObject({ errors: [{ path: '/environment' }] })
  expect((await listConsumers(world.owner, { organization, limit })).items).toHaveLength(1)
})

test('an update changes only the given fields', async () => {
  await using world = await openWorld()
  for (const name of ['orders', 'stock']) await pipeline(world.owner, name)
  const made = await createConsumer(world.owner, {
    organization,
    name: consumerName('app'),
    environment,
    pipelines: ['orders'],
  })
  const change = { organization, consumer: made.consumer.id }
  const described = await updateConsumer(world.owner, { ...change, description: description('Ours') })
  expect(described.consumer).toEqual({ ...made.consumer, description: 'Ours' })
  const moved = await updateConsumer(world.owner, { ...change, pipelines: ['stock'], status: 'inactive' })
  expect(moved.consumer).toMatchObject({ description: 'Ours', pipelines: ['stock'], active: false })
  expect(moved.revision).toBeGreaterThan(described.revision)
  const unknown = updateConsumer(world.owner, { ...change, pipelines: ['nothing'] })
  expect(await codeOf(unknown)).toBe('invalid_request')
  await removePipeline(world.owner, { organization, pipeline: 'stock' })
  expect((await getConsumer(world.owner, change)).pipelines).toEqual([])
})

test('removing a consumer removes its Basic credentials and deletes its keys', async () => {
  await using world = await openWorld()
  const made = await createConsumer(world.owner, { organization, name: consumerName('app'), environment })
  const consumer = made.consumer.id
  const more = await createKey(world.owner, { organization, name: title('second'), type: 'secret', consumer })
  const credential = { organization, environment, consumer, id: 'bas_1', username: 'app' }
  await world.store.write(async (tx) => {
    await tx.basicCredentials.insert({
      ...credential,
      passwordHash: '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA',
      createdAtMs: world.clock.nowMs,
      createdBy: 'setup',
    })
    tx.audit(auditEntry(world.owner, organization, 'consumers.update', `consumer/${consumer}`, {}))
  })
  const { revision } = await removeConsumer(world.owner, { organization, consumer })
  expect(revision).toBeGreaterThan(0)
  expect(
    await world.store.read.basicCredentials.getByUsername(organization, environment, 'app'),
  ).toBeUndefined()
  for (const { id } of [made.key, more.key]) {
    const key = await getKey(world.owner, { organization, key: id })
    expect(key.deletedAtMs).toBe(world.clock.nowMs)
  }
  expect(await codeOf(getConsumer(world.owner, { organization, consumer }))).toBe('not_found')
  const left = (await listKeys(world.owner, { organization, limit })).items.map(({ name }) => name)
  expect(left.toSorted()).toEqual(['Default API Key', 'Owner'])
})

test('switching a consumer on requires the permissions of its keys', async () => {
  await using world = await openWorld()
  const { consumer } = await createConsumer(world.owner, {
    organization,
    name: consumerName('app'),
    environment,
  })
  const input = {
    organization,
    name: title('strong'),
    type: 'secret',
    consumer: consumer.id,
    roles: ['admin'],
  } as const
  await createKey(world.owner, input)
  const manager = await world.withRoles(['key-manager'])
  const change = { organization, consumer: consumer.id }
  await updateConsumer(manager, { ...change, status: 'inactive' })
  await updateConsumer(manager, { ...change, description: description('still off') })
  expect(await codeOf(updateConsumer(manager, { ...change, status: 'active' }))).toBe('permission_missing')
  await updateConsumer(world.owner, { ...change, status: 'active' })
})

test('hides the consumers of other environments', async () => {
  await using world = await openWorld()
  const { consumer } = await createConsumer(world.owner, {
    organization,
    name: consumerName('app'),
    environment: 'prod',
  })
  const bound = await world.withRoles(['key-manager'], 'test')
  const change = { organization, consumer: consumer.id }
  expect(await codeOf(getConsumer(bound, change))).toBe('not_found')
  expect(await codeOf(removeConsumer(bound, change))).toBe('not_found')
  expect((await listConsumers(bound, { organization, limit })).items).toEqual([])
  const developer = await world.withRoles(['developer'])
  expect(await codeOf(removeConsumer(developer, change))).toBe('permission_missing')
  const create = createConsumer(bound, { organization, name: consumerName('x'), environment: 'prod' })
  expect(await codeOf(create)).toBe('permission_missing')
})
