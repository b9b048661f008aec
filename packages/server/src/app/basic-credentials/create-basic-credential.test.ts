import { expect, test } from 'vitest'
import { verifyPassword } from '../../crypto/password-hash.ts'
import { BASIC_CREDENTIALS_PER_CONSUMER_MAX, createBasicCredential } from './create-basic-credential.ts'
import { createConsumer } from '../consumers/create-consumer.ts'
import { removeBasicCredential } from './remove-basic-credential.ts'
import { removeConsumer } from '../consumers/remove-consumer.ts'
import { codeOf, openWorld, problemOf, START_MS, type World } from '../testing/world.ts'
import { consumerName, username } from '../testing/fields.ts'
import { listBasicCredentials } from './reading.ts'

const organization = 'acme'
const limit = 50

/** The id of a new consumer of `acme`. */
async function newConsumer(world: World, name = 'app', environment = 'test'): Promise<string> {
  return (await createConsumer(world.owner, { organization, name: consumerName(name), environment })).consumer
    .id
}

test('shows the password once and stores only its hash', async () => {
  await using world = await openWorld()
  const consumer = await newConsumer(world)
  const made = await createBasicCredential(world.owner, { organization, consumer, username: username('erp') })
  const createdBy = world.owner.actor.id
  const password = expect.stringMatching(/^[0-9A-Za-z]{32}$/) as string
  expect(made).toEqual({ username: 'erp', password, createdAtMs: START_MS, createdBy })
  const row = await world.store.read.basicCredentials.getByUsername(organization, 'test', 'erp')
  expect(row).toMatchObject({ username: 'erp', consumer, environment: 'test', createdBy })
  expect(row?.id).toMatch(/^bas_[0-9A-Za-z]{16}$/)
  expect(JSON.stringify(row)).not.toContain(made.password)
  expect(await verifyPassword(made.password, row?.passwordHash ?? '')).toBe(true)
})

test('a username is unique within its environment and free after its removal', async () => {
  await using world = await openWorld()
  const [one, two] = [await newConsumer(world, 'one'), await newConsumer(world, 'two')]
  const elsewhere = await newConsumer(world, 'one', 'prod')
  const create = async (consumer: string, name: string) =>
    await createBasicCredential(world.owner, { organization, consumer, username: username(name) })
  await create(one, 'erp')
  expect(await codeOf(create(two, 'erp'))).toBe('conflict')
  expect(await codeOf(create(one, 'erp'))).toBe('conflict')
  // Usernames are case-sensitive (RFC 7617 section 2).
  await create(two, 'ERP')
  await create(elsewhere, 'erp')
  const removed = { organization, consumer: one, username: 'erp' }
  // The username exists, but belongs to another consumer.
  expect(await codeOf(removeBasicCredential(world.owner, { ...removed, consumer: two }))).toBe('not_found')
  const { revision } = await removeBasicCredential(world.owner, removed)
  expect(revision).toBe(await world.store.feed.head())
  expect(await codeOf(removeBasicCredential(world.owner, removed))).toBe('not_found')
  await create(two, 'erp')
  const list = await listBasicCredentials(world.owner, { organization, consumer: two, limit })
  expect(list.items.map((row) => row.username).toSorted()).toEqual(['ERP', 'erp'])
})

test('limits the Basic credentials of a consumer and removes them with it', async () => {
  await using world = await openWorld()
  const consumer = await newConsumer(world)
  const create = async (name: string) =>
    await createBasicCredential(world.owner, { organization, consumer, username: username(name) })
  for (let index = 0; index < BASIC_CREDENTIALS_PER_CONSUMER_MAX; index += 1) await create(`erp-${index}`)
  expect(await codeOf(create('erp-too-many'))).toBe('conflict')
  const first = await listBasicCredentials(world.owner, { organization, consumer, limit: 15 })
  expect(first.items).toHaveLength(15)
  const cursor = first.next ?? undefined
  const rest = await listBasicCredentials(world.owner, { organization, consumer, limit: 15, cursor })
  expect([rest.items.length, rest.next]).toEqual([BASIC_CREDENTIALS_PER_CONSUMER_MAX - 15, null])
  await removeConsumer(world.owner, { organization, consumer })
  const left = await world.store.read.basicCredentials.countOfConsumer(organization, consumer)
  expect(left).toBe(0)
  const { items } = await world.store.read.audit.list(organization, { limit: 200 })
  const removals = items.filter(({ action }) => action === 'basic-credentials.remove')
  expect(removals).toHaveLength(BASIC_CREDENTIALS_PER_CONSUMER_MAX)
})

test.each(['.', '..'])('rejects the username %j, which URLs cannot contain', async (dots) => {
  await using world = await openWorld()
  const consumer = await newConsumer(world)
  const create = async (text: string) =>
    await createBasicCredential(world.owner, { organization, consumer, username: username(text) })
  expect(await problemOf(create(dots))).toMatchObject({
    code: 'invalid_request',
    extensions: { errors: [{ path: '/username' }] },
  })
  await create(`${dots}.x`)
})

test('reading needs consumers.read, creating and removing need consumers.write', async () => {
  await using world = await openWorld()
  const consumer = await newConsumer(world, 'app', 'prod')
  const erp = { organization, consumer, username: username('erp') }
  await createBasicCredential(world.owner, erp)
  const list = { organization, consumer, limit }

  const developer = await world.withRoles(['developer'])
  expect((await listBasicCredentials(developer, list)).items).toHaveLength(1)
  expect(await codeOf(createBasicCredential(developer, erp))).toBe('permission_missing')
  expect(await codeOf(removeBasicCredential(developer, erp))).toBe('permission_missing')

  const elsewhere = await world.withRoles(['key-manager'], 'test')
  const refused = await Promise.all(
    [
      listBasicCredentials(elsewhere, list),
      createBasicCredential(elsewhere, erp),
      removeBasicCredential(elsewhere, erp),
      listBasicCredentials(world.owner, { ...list, consumer: 'con_nobody' }),
      createBasicCredential(world.owner, { ...erp, consumer: 'con_nobody' }),
    ].map(codeOf),
  )
  expect(new Set(refused)).toEqual(new Set(['not_found']))

  const there = await world.withRoles(['key-manager'], 'prod')
  await removeBasicCredential(there, erp)
  await createBasicCredential(there, erp)
})

test('one of two concurrent requests for a username gets it', async () => {
  await using world = await openWorld()
  const [one, two] = [await newConsumer(world, 'one'), await newConsumer(world, 'two')]
  const outcomes = await Promise.allSettled(
    [one, two].map(
      async (consumer) =>
        await createBasicCredential(world.owner, { organization, consumer, username: username('erp') }),
    ),
  )
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
})
