import { afterAll, beforeAll, expect, test } from 'vitest'
import { setKeyAcceptance } from '../acceptances/set-acceptance.ts'
import { createConsumer } from '../consumers/create-consumer.ts'
import { updateConsumer } from '../consumers/update-consumer.ts'
import { addExternalKey, type AddExternalKeyInput } from '../external-keys/add-external-key.ts'
import { updateExternalKey } from '../external-keys/update-external-key.ts'
import { createKey, type CreateKeyInput } from '../keys/create-key.ts'
import { deleteKey } from '../keys/delete-key.ts'
import { updateKey } from '../keys/update-key.ts'
import { addressRule, consumerName, keyRateLimits, title } from '../testing/fields.ts'
import { openWorld, START_MS, type World } from '../testing/world.ts'
import { lastingGrants } from './lasting-grants.ts'

const BOUNDS = {
  expiresAtMs: START_MS + 60_000,
  addressRules: [addressRule('192.0.2.0/24')],
  rateLimits: keyRateLimits([{ requests: 1000, per: 'minute', by: 'credential' }]),
}
const NOTHING = undefined

let world: World

beforeAll(async () => {
  world = await openWorld()
})
afterAll(async () => await world[Symbol.asyncDispose]())

/** The permissions that an actor can give away in an organization. */
async function given(id: string, organization = 'acme'): Promise<readonly string[] | undefined> {
  const grants = await lastingGrants(world.owner, world.store.read, organization, id)
  return grants?.map(({ permission }) => permission)
}

async function keyOf(more: Partial<CreateKeyInput> = {}): Promise<string> {
  const input = {
    organization: 'acme',
    name: title('CI'),
    type: 'secret',
    roles: ['invoker'],
    ...more,
  } as const
  return (await createKey(world.owner, input)).key.id
}

/** A key of `acme` that is an external key of `rival`. */
async function externalKey(more: Partial<AddExternalKeyInput> = {}, own: Partial<CreateKeyInput> = {}) {
  const keyId = await keyOf(own)
  const added = await addExternalKey(world.rival, {
    organization: 'rival',
    keyId,
    roles: ['invoker'],
    ...more,
  })
  return { keyId, id: added.row.id }
}

test('a key gives what it has, while it works', async () => {
  const id = await keyOf()
  expect(await given(id)).toEqual(['pipelines.invoke'])
  expect(await given(id, 'rival')).toBe(NOTHING)
  await updateKey(world.owner, { organization: 'acme', key: id, active: false })
  expect(await given(id)).toBe(NOTHING)
  await updateKey(world.owner, { organization: 'acme', key: id, active: true })
  expect(await given(id)).toEqual(['pipelines.invoke'])
  await deleteKey(world.owner, { organization: 'acme', key: id })
  expect(await given(id)).toBe(NOTHING)
})

test.each(Object.entries(BOUNDS))('a key with %s gives nothing', async (name, bound) => {
  expect(await given(await keyOf({ [name]: bound }))).toBe(NOTHING)
})

test('a key of a consumer gives nothing while the consumer is inactive', async () => {
  const name = consumerName('partner')
  const made = await createConsumer(world.owner, { organization: 'acme', name, environment: 'test' })
  const { id: consumer } = made.consumer
  const id = await keyOf({ consumer })
  expect(await given(id)).toEqual(['pipelines.invoke'])
  await updateConsumer(world.owner, { organization: 'acme', consumer, status: 'inactive' })
  expect(await given(id)).toBe(NOTHING)
})

test('an external key gives what it has in the other organization, while both sides let it work', async () => {
  const { keyId, id } = await externalKey({ roles: ['auditor'] })
  expect(await given(keyId)).toEqual(['pipelines.invoke'])
  expect(await given(keyId, 'rival')).toContain('keys.read')
  const update = async (active: boolean) =>
    await updateExternalKey(world.rival, { organization: 'rival', externalKey: id, active })
  await update(false)
  expect(await given(keyId, 'rival')).toBe(NOTHING)
  await update(true)
  expect(await given(keyId, 'rival')).toContain('keys.read')
  await setKeyAcceptance(world.owner, { organization: 'acme', key: keyId, partner: 'rival', allowed: false })
  expect(await given(keyId, 'rival')).toBe(NOTHING)
})

test('an external key with bounds of either organization gives nothing', async () => {
  const { expiresAtMs: _expiresAtMs, ...bounds } = BOUNDS
  for (const [name, bound] of Object.entries(bounds)) {
    const { keyId } = await externalKey({ [name]: bound })
    expect([name, await given(keyId), await given(keyId, 'rival')]).toEqual([
      name,
      ['pipelines.invoke'],
      NOTHING,
    ])
    const own = await externalKey({}, { [name]: bound })
    expect([name, await given(own.keyId, 'rival')]).toEqual([name, NOTHING])
  }
})

test('an unknown id and a person who is no member give nothing', async () => {
  expect(await given('mem_0000000000000000')).toBe(NOTHING)
  expect(await given('key_0000000000000000')).toBe(NOTHING)
})
