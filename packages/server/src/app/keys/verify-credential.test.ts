import { Snapshot } from '@sallyport/core'
import { expect, test } from 'vitest'
import { createConsumer } from '../consumers/create-consumer.ts'
import { createKey } from './create-key.ts'
import { deleteKey } from './delete-key.ts'
import { deploy } from '../deployments/deploy.ts'
import { codeOf, draft, openWorld, pipeline, type World } from '../testing/world.ts'
import { addressRule, consumerName, title, version } from '../testing/fields.ts'
import { verifyCredential, type VerifyCredentialInput } from './verify-credential.ts'

const organization = 'acme'

/** Verifies a token as the owner, with the current state of the store; returns the code. */
async function ask(world: World, input: Omit<VerifyCredentialInput, 'organization'>): Promise<string> {
  const snapshot = await world.store.feed.readSnapshot(
    async ({ revision, records }) => await Snapshot.load(revision, records),
  )
  const { valid, code, asOfRevision } = verifyCredential(
    { ...world.owner, snapshot },
    { organization, ...input },
  )
  expect(valid).toBe(code === 'valid')
  expect(asOfRevision).toBe(snapshot.revision)
  return code
}

test('distinguishes valid, mistyped and deleted keys', async () => {
  await using world = await openWorld()
  const { key, token } = await createKey(world.owner, { organization, name: title('k'), type: 'secret' })
  expect(await ask(world, { token })).toBe('valid')
  expect(await ask(world, { token: `${token}x` })).toBe('credential_invalid')
  expect(await ask(world, { token: '' })).toBe('credential_ambiguous')
  await deleteKey(world.owner, { organization, key: key.id })
  expect(await ask(world, { token })).toBe('key_deleted')
})

test("another organization's key is invalid, and another organization cannot verify keys here", async () => {
  await using world = await openWorld()
  const foreign = await createKey(world.rival, { organization: 'rival', name: title('k'), type: 'secret' })
  expect(await ask(world, { token: foreign.token })).toBe('credential_invalid')
  const snapshot = Snapshot.empty()
  expect(
    await codeOf(
      (async () =>
        await Promise.resolve(
          verifyCredential({ ...world.rival, snapshot }, { organization, token: 'x' }),
        ))(),
    ),
  ).toBe('not_found')
})

test("with a pipeline, returns the gateway's own decision", async () => {
  await using world = await openWorld()
  await pipeline(world.owner, 'orders', draft({ methods: ['GET'] }))
  await deploy(world.owner, {
    organization,
    pipeline: 'orders',
    version: version('1.0'),
    environment: 'prod',
    dryRun: false,
  })
  const made = { organization, environment: 'prod' }
  const caller = await createConsumer(world.owner, {
    ...made,
    name: consumerName('caller'),
    pipelines: ['orders'],
  })
  const unrelated = await createConsumer(world.owner, { ...made, name: consumerName('unrelated') })
  const call = { environment: 'prod', pipeline: 'orders' }
  expect(await ask(world, { token: caller.token, ...call })).toBe('valid')
  expect(await ask(world, { token: caller.token, ...call, method: 'get' })).toBe('valid')
  expect(await ask(world, { token: caller.token, ...call, method: 'POST' })).toBe('method_not_allowed')
  expect(await ask(world, { token: caller.token, ...call, pipeline: 'other' })).toBe('route_not_found')
  expect(await ask(world, { token: unrelated.token, ...call })).toBe('pipeline_not_allowed')
  expect(await ask(world, { token: caller.token, environment: 'test' })).toBe('key_wrong_environment')
})

test('a key with address rules is valid only from its addresses', async () => {
  await using world = await openWorld()
  const addressRules = [addressRule('192.0.2.0/24')]
  const { token } = await createKey(world.owner, {
    organization,
    name: title('k'),
    type: 'secret',
    addressRules,
  })
  expect(await ask(world, { token, address: '192.0.2.255' })).toBe('valid')
  expect(await ask(world, { token, address: '::ffff:192.0.2.1' })).toBe('valid')
  expect(await ask(world, { token, address: '192.0.3.0' })).toBe('address_not_allowed')
  expect(await ask(world, { token })).toBe('address_not_allowed')
})

test("checks the permission against the key's roles", async () => {
  await using world = await openWorld()
  const { token } = await createKey(world.owner, {
    organization,
    name: title('k'),
    type: 'secret',
    roles: ['invoker'],
  })
  expect(await ask(world, { token, permission: 'pipelines.invoke' })).toBe('valid')
  expect(await ask(world, { token, permission: 'pipelines.deploy' })).toBe('permission_missing')
})
