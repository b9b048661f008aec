import { randomBytes } from 'node:crypto'
import { makeToken, Snapshot, type FeedRecord } from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import type { OperationContext } from '../access/context.ts'
import { createConsumer } from '../consumers/create-consumer.ts'
import { updateConsumer } from '../consumers/update-consumer.ts'
import { deploy } from '../deployments/deploy.ts'
import { addressRule, consumerName, title, version } from '../testing/fields.ts'
import { codeOf, draft, openWorld, pipeline, problemOf, type World } from '../testing/world.ts'
import { createKey } from './create-key.ts'
import { deleteKey } from './delete-key.ts'
import { updateKey } from './update-key.ts'
import { verifyCredential } from './verify-credential.ts'
import type { GatewayFacts, VerifiedCredential, VerifyCredentialInput } from './verification.ts'

const organization = 'acme'

/** For verifications that need no fact from a gateway; `composition/verify.test.ts` uses a gateway's facts. */
const NO_FACTS: GatewayFacts = {
  route: () => expect.fail('no path is sent'),
  basic: () => expect.fail('no Basic credential is sent'),
  jwt: () => expect.fail('no JWT is sent'),
}

type Input = Omit<VerifyCredentialInput, 'organization'>

/** Verifies credentials, with the state of the store and these records. */
async function verified(
  world: World,
  input: Input,
  { who = world.owner, records = [] }: { who?: OperationContext; records?: readonly FeedRecord[] } = {},
): Promise<VerifiedCredential> {
  const stored = await world.store.feed.readSnapshot(
    async ({ revision, records: all }) => await Snapshot.load(revision, all),
  )
  const snapshot = stored.apply({ revision: stored.revision + 1, atMs: 0, records })
  const result = await verifyCredential({ ...who, snapshot, facts: NO_FACTS }, { organization, ...input })
  expect(result.valid).toBe(result.code === 'valid')
  expect(result.asOfRevision).toBe(snapshot.revision)
  return result
}

/** Verifies credentials as the owner; returns the code. */
async function ask(world: World, input: Input): Promise<string> {
  return (await verified(world, input)).code
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
  const context = { ...world.rival, snapshot: Snapshot.empty(), facts: NO_FACTS }
  expect(await codeOf(verifyCredential(context, { organization, token: 'x' }))).toBe('not_found')
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

async function deployed(world: World, name: string, trigger: Parameters<typeof draft>[0]): Promise<void> {
  await pipeline(world.owner, name, draft({ path: `/${name}`, ...trigger }))
  const one = { organization, pipeline: name, version: version('1.0'), environment: 'prod', dryRun: false }
  await deploy(world.owner, one)
}

describe("another organization's key", () => {
  test('gets the same answer in every state, as long as it is no external key here', async () => {
    await using world = await openWorld()
    const rival = { organization: 'rival', name: title('k'), type: 'secret' } as const
    const { key, token } = await createKey(world.rival, rival)
    const unknown = makeToken('secret', key.id, randomBytes)
    const before = await verified(world, { token })
    expect(before).toMatchObject({ code: 'credential_invalid', key: null, consumer: null })
    await updateKey(world.rival, { organization: 'rival', key: key.id, active: false })
    expect(await verified(world, { token })).toMatchObject({ code: 'credential_invalid', key: null })
    await deleteKey(world.rival, { organization: 'rival', key: key.id })
    expect(await verified(world, { token })).toMatchObject({ code: 'credential_invalid', key: null })
    expect(await verified(world, { token: unknown })).toMatchObject({ code: 'credential_invalid', key: null })
  })

  test('has its roles here, and nothing of its own organization', async () => {
    await using world = await openWorld()
    const { key, token } = await createKey(world.rival, {
      organization: 'rival',
      name: title('k'),
      type: 'secret',
      environment: 'test',
      roles: ['owner'],
    })
    const entry = { kind: 'external-key', organization, id: 'ext_1', keyId: key.id } as const
    const bounds = { addressRules: [], rateLimits: [] }
    const records = [{ ...entry, ...bounds, roles: ['invoker'], active: true }]
    expect(await verified(world, { token, environment: 'prod' }, { records })).toMatchObject({
      code: 'valid',
      key: { id: key.id, organization: 'rival', environment: null, consumer: null, roles: ['invoker'] },
    })
    const permitted = async (permission: Input['permission']): Promise<string> =>
      (await verified(world, { token, permission }, { records })).code
    expect(await permitted('pipelines.invoke')).toBe('valid')
    expect(await permitted('keys.read')).toBe('permission_missing')
    const off = [{ ...entry, ...bounds, roles: ['invoker'], active: false }]
    expect(await verified(world, { token }, { records: off })).toMatchObject({
      code: 'credential_invalid',
      key: null,
    })
  })
})

describe('a caller that is narrowed to an environment', () => {
  test('learns nothing about keys of other environments, whatever their state', async () => {
    await using world = await openWorld()
    const who = await world.withRoles(['key-manager'], 'test')
    const input = { organization, name: title('k'), type: 'secret' } as const
    const inside = await createKey(world.owner, { ...input, environment: 'test' })
    const elsewhere = await createKey(world.owner, { ...input, environment: 'prod' })
    const everywhere = await createKey(world.owner, input)
    const codes = async (token: string): Promise<unknown> => {
      const { code, key } = await verified(world, { token, environment: 'test' }, { who })
      return [code, key?.id]
    }
    expect(await codes(inside.token)).toEqual(['valid', inside.key.id])
    for (const { key, token } of [elsewhere, everywhere]) {
      expect(await codes(token)).toEqual(['credential_invalid', undefined])
      await updateKey(world.owner, { organization, key: key.id, active: false })
      expect(await codes(token)).toEqual(['credential_invalid', undefined])
      await deleteKey(world.owner, { organization, key: key.id })
      expect(await codes(token)).toEqual(['credential_invalid', undefined])
    }
    await deleteKey(world.owner, { organization, key: inside.key.id })
    expect(await codes(inside.token)).toEqual(['key_deleted', inside.key.id])
  })
})

test('names each part that the pipeline demands and the request lacks', async () => {
  await using world = await openWorld()
  const both = { apiKey: true, jwt: true, basic: true }
  await deployed(world, 'both', { authentication: both })
  const { consumer, token } = await createConsumer(world.owner, {
    organization,
    name: consumerName('app'),
    environment: 'prod',
    pipelines: ['both'],
  })
  const call = { environment: 'prod', pipeline: 'both' }
  expect(await verified(world, { token, ...call })).toMatchObject({
    valid: false,
    code: 'basic_invalid',
    missing: ['jwt', 'basic'],
    consumer: consumer.id,
  })
  expect(await verified(world, call)).toMatchObject({
    code: 'credential_missing',
    missing: ['token', 'jwt', 'basic'],
    key: null,
  })
})

test('applies the address rules of a key to calls, and names the missing address', async () => {
  await using world = await openWorld()
  await deployed(world, 'orders', {})
  const { token } = await createKey(world.owner, {
    organization,
    name: title('k'),
    type: 'secret',
    roles: ['invoker'],
    addressRules: [addressRule('192.0.2.0/24')],
  })
  const call = { token, environment: 'prod', pipeline: 'orders' }
  expect(await verified(world, { ...call, address: '192.0.2.1' })).toMatchObject({
    code: 'valid',
    missing: [],
  })
  expect(await verified(world, { ...call, address: '192.0.3.1' })).toMatchObject({
    code: 'address_not_allowed',
    missing: [],
  })
  expect(await verified(world, call)).toMatchObject({ code: 'address_not_allowed', missing: ['address'] })
})

test('never takes a call for a CORS preflight', async () => {
  await using world = await openWorld()
  const cors = { origins: ['https://app.example.com'], headers: [], credentials: false }
  await deployed(world, 'web', { cors, methods: ['GET', 'OPTIONS'] })
  const { token } = await createKey(world.owner, { organization, name: title('k'), type: 'secret' })
  const call = { token, environment: 'prod', pipeline: 'web', method: 'OPTIONS' }
  expect(await ask(world, call)).toBe('pipeline_not_allowed')
})

test('checks a sent key even if the pipeline demands no credential', async () => {
  await using world = await openWorld()
  await deployed(world, 'open', { authentication: { apiKey: false, jwt: false, basic: false } })
  const { key, token } = await createKey(world.owner, { organization, name: title('k'), type: 'secret' })
  const call = { token, environment: 'prod', pipeline: 'open' }
  expect(await ask(world, call)).toBe('valid')
  await deleteKey(world.owner, { organization, key: key.id })
  expect(await ask(world, call)).toBe('key_deleted')
})

test('refuses a key whose consumer is switched off', async () => {
  await using world = await openWorld()
  const input = { organization, name: consumerName('app'), environment: 'prod' }
  const { consumer, token } = await createConsumer(world.owner, input)
  expect(await verified(world, { token })).toMatchObject({ code: 'valid', consumer: consumer.id })
  await updateConsumer(world.owner, { organization, consumer: consumer.id, status: 'inactive' })
  expect(await ask(world, { token })).toBe('key_inactive')
})

test('finds the newest major that has the method; GET implies HEAD', async () => {
  await using world = await openWorld()
  await deployed(world, 'orders', { methods: ['GET'], acceptsPublicKeys: true })
  const { token } = await createKey(world.owner, { organization, name: title('site'), type: 'public' })
  const call = { token, environment: 'prod', pipeline: 'orders' }
  expect(await ask(world, { ...call, method: 'head' })).toBe('valid')
  expect(await ask(world, { ...call, method: 'PUT' })).toBe('method_not_allowed')
})

test('a key of one environment has its permissions there only, and a public key has none', async () => {
  await using world = await openWorld()
  const bound = await createKey(world.owner, {
    organization,
    name: title('k'),
    type: 'secret',
    environment: 'test',
    roles: ['invoker'],
  })
  const permission = 'pipelines.invoke'
  expect(await ask(world, { token: bound.token, permission, environment: 'test' })).toBe('valid')
  expect(await ask(world, { token: bound.token, permission })).toBe('permission_missing')
  const open = await createKey(world.owner, { organization, name: title('site'), type: 'public' })
  expect(await ask(world, { token: open.token, permission })).toBe('permission_missing')
})

test('a request without a credential, or without the environment that it needs, is invalid', async () => {
  await using world = await openWorld()
  const paths = async (input: Input): Promise<unknown> =>
    (await problemOf(verified(world, input))).extensions['errors']
  expect(await paths({})).toMatchObject([{ path: '' }])
  const basic = { username: 'app', password: 'x' }
  for (const part of [{ jwt: 'x' }, { basic }, { pipeline: 'orders' }, { path: '/orders' }]) {
    expect(await paths({ token: 'x', ...part })).toMatchObject([{ path: '/environment' }])
  }
})
