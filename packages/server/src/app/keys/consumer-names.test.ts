import type { Grant } from '@sallyport/core'
import { expect, test } from 'vitest'
import type { OperationContext } from '../access/context.ts'
import { createConsumer } from '../consumers/create-consumer.ts'
import { removeConsumer } from '../consumers/remove-consumer.ts'
import { removeEnvironment } from '../environments/remove-environment.ts'
import { consumerName } from '../testing/fields.ts'
import { member } from '../testing/member.ts'
import { codeOf, openWorld, type World } from '../testing/world.ts'
import { listKeys } from './list-keys.ts'
import { lookUpKey } from './lookup-key.ts'
import { getKeyWithRoll } from './roll-progress.ts'

const organization = 'acme'

async function openApp() {
  const world = await openWorld()
  const input = { name: consumerName('app'), environment: 'test' }
  const made = await createConsumer(world.owner, { ...input, organization })
  await createConsumer(world.rival, { ...input, organization: 'rival', name: consumerName('theirs') })
  return { world, consumer: made.consumer.id, key: made.key.id }
}

const granted = (world: World, ...grants: readonly Grant[]): OperationContext => ({
  ...world.owner,
  actor: member({ acme: grants }),
})

/** The consumer of a key, as each read shows it. */
async function shown(context: OperationContext, key: OperationContext['actor']['id']) {
  const one = await getKeyWithRoll(context, { organization, key })
  const { items } = await listKeys(context, { organization, includeDeleted: true, limit: 50 })
  const { id: keyId, environment } = one.key
  const found = { organization, key: keyId, environment, isPublic: false, sequence: 1, code: null }
  const lookUp = await lookUpKey({ ...context, findToken: () => found }, { organization, token: 'sp_sk_' })
  return [one.key, items.find(({ id }) => id === key), lookUp.key].map(
    (row) => row && [row.consumer, row.consumerName],
  )
}

const three = (consumer: string | null, name: string | null) =>
  Array.from({ length: 3 }, () => [consumer, name])

test('each read of a key names its consumer, also after both are removed', async () => {
  const { world, consumer, key } = await openApp()
  await using _ = world
  expect(await shown(world.owner, key)).toEqual(three(consumer, 'app'))
  await removeConsumer(world.owner, { organization, consumer })
  expect(await shown(world.owner, key)).toEqual(three(consumer, 'app'))
  const listed = await listKeys(world.owner, { organization, consumer, includeDeleted: true, limit: 50 })
  expect(listed).toMatchObject({ items: [{ id: key, consumerName: 'app' }], total: 1 })
  // Another consumer takes the name.
  const again = await createConsumer(world.owner, {
    organization,
    name: consumerName('app'),
    environment: 'test',
  })
  expect(again.consumer.id).not.toBe(consumer)
  expect(await shown(world.owner, key)).toEqual(three(consumer, 'app'))
  await removeConsumer(world.owner, { organization, consumer: again.consumer.id })
  await removeEnvironment(world.owner, { organization, environment: 'test' })
  expect(await shown(world.owner, key)).toEqual(three(consumer, 'app'))
  expect(await shown(world.owner, world.owner.actor.id)).toEqual(three(null, null))
})

test('a consumer is named only to those who may read it', async () => {
  const { world, consumer, key } = await openApp()
  await using _ = world
  const keys: Grant = { permission: 'keys.read' }
  const scoped: Grant = { permission: 'keys.read', environment: 'test' }
  const consumers = (environment?: string): Grant => ({
    permission: 'consumers.read',
    ...(environment === undefined ? {} : { environment }),
  })
  const readers: readonly (readonly [readonly Grant[], string | null])[] = [
    [[keys], null],
    [[scoped], null],
    [[keys, consumers('prod')], null],
    [[scoped, consumers('test')], 'app'],
    [[keys, consumers()], 'app'],
  ]
  for (const isRemoved of [false, true]) {
    if (isRemoved) await removeConsumer(world.owner, { organization, consumer })
    for (const [grants, name] of readers) {
      expect(await shown(granted(world, ...grants), key)).toEqual(three(consumer, name))
    }
  }
  const elsewhere = granted(world, { permission: 'keys.read', environment: 'prod' }, consumers())
  expect(await codeOf(getKeyWithRoll(elsewhere, { organization, key }))).toBe('not_found')
  expect(await codeOf(getKeyWithRoll(world.rival, { organization: 'rival', key }))).toBe('not_found')
  // Without its environment, the key belongs to the organization, and so does the name of its consumer.
  await removeEnvironment(world.owner, { organization, environment: 'test' })
  expect(await shown(granted(world, keys, consumers('test')), key)).toEqual(three(consumer, null))
  expect(await shown(granted(world, keys, consumers()), key)).toEqual(three(consumer, 'app'))
  expect(await codeOf(getKeyWithRoll(granted(world, scoped, consumers()), { organization, key }))).toBe(
    'not_found',
  )
})
