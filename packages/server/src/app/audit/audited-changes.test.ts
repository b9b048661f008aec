import { OWNER_MAILS_DEFAULT } from '@sallyport/core'
import { expect, test } from 'vitest'
import { createBasicCredential } from '../basic-credentials/create-basic-credential.ts'
import { removeBasicCredential } from '../basic-credentials/remove-basic-credential.ts'
import { createConsumer } from '../consumers/create-consumer.ts'
import { removeConsumer } from '../consumers/remove-consumer.ts'
import { updateConsumer } from '../consumers/update-consumer.ts'
import { deploy } from '../deployments/deploy.ts'
import { undeploy } from '../deployments/undeploy.ts'
import { createEnvironment } from '../environments/create-environment.ts'
import { updateEnvironment } from '../environments/update-environment.ts'
import { removeEnvironment } from '../environments/remove-environment.ts'
import { createIssuer } from '../issuers/create-issuer.ts'
import { removeIssuer } from '../issuers/remove-issuer.ts'
import { createPlan } from '../plans/create-plan.ts'
import { removePlan } from '../plans/remove-plan.ts'
import { updatePlan } from '../plans/update-plan.ts'
import { updateOrganization } from '../organizations/update-organization.ts'
import { createVersion } from '../pipelines/create-version.ts'
import { removePipeline } from '../pipelines/remove-pipeline.ts'
import { setPolicy } from '../policies/set-policy.ts'
import { createProject } from '../projects/create-project.ts'
import { describeProject } from '../projects/describe-project.ts'
import { removeProject } from '../projects/remove-project.ts'
import { putSecret } from '../secrets/put-secret.ts'
import { removeSecret } from '../secrets/remove-secret.ts'
import { removeSigningKey } from '../signing-keys/remove-signing-key.ts'
import { rotateSigningKey } from '../signing-keys/rotate-signing-key.ts'
import { recordsOf } from '../testing/audited.ts'
import {
  consumerName,
  description,
  position,
  planLimits,
  resourceName,
  secretName,
  secretValue,
  title,
  username,
  version,
} from '../testing/fields.ts'
import { draft, openWorld, pipeline, type World } from '../testing/world.ts'

const organization = 'acme'

async function statesOf(world: World, operate: () => Promise<unknown>): Promise<unknown[]> {
  return (await recordsOf(world, operate)).map(({ action, before, after }) => [action, before, after])
}

const having = (members: object): unknown => expect.objectContaining(members)

test('the changes of a consumer and its Basic credentials record what they changed', async () => {
  await using world = await openWorld()
  const { owner } = world
  let id = ''
  const states = async (operate: () => Promise<unknown>) => await statesOf(world, operate)
  expect(
    await states(async () => {
      const input = { organization, name: consumerName('app'), environment: 'test' }
      id = (await createConsumer(owner, input)).consumer.id
    }),
  ).toEqual([
    ['consumers.create', null, having({ id, name: 'app', environment: 'test' })],
    ['keys.create', null, having({ consumer: id })],
  ])
  const consumer = { organization, consumer: id }
  expect(await states(async () => await updateConsumer(owner, { ...consumer, status: 'inactive' }))).toEqual([
    ['consumers.update', having({ active: true }), having({ active: false })],
  ])
  const basic = { ...consumer, username: username('app') }
  expect(await states(async () => await createBasicCredential(owner, basic))).toEqual([
    ['basic-credentials.create', null, having({ username: 'app', consumer: id })],
  ])
  expect(await states(async () => await removeBasicCredential(owner, basic))).toEqual([
    ['basic-credentials.remove', having({ username: 'app', consumer: id }), null],
  ])
  await createBasicCredential(owner, basic)
  expect(await states(async () => await removeConsumer(owner, consumer))).toEqual([
    ['keys.delete', having({ deletedAtMs: null }), having({ deletedAtMs: world.clock.nowMs })],
    ['basic-credentials.remove', having({ username: 'app' }), null],
    ['consumers.remove', having({ id }), null],
  ])
})

test('the changes of pipelines and deployments record what they changed', async () => {
  await using world = await openWorld()
  const { owner } = world
  const states = async (operate: () => Promise<unknown>) => await statesOf(world, operate)
  expect(await states(async () => await pipeline(owner, 'orders'))).toEqual([
    ['pipelines.create', null, { name: 'orders', project: 'default', version: '1.0' }],
  ])
  const orders = { organization, pipeline: 'orders' }
  const save = { ...orders, source: {}, draft: draft(), bump: 'minor' as const }
  expect(await states(async () => await createVersion(owner, save))).toEqual([
    ['pipelines.save', null, { version: '1.1' }],
  ])
  const put = async (number: string): Promise<string> => {
    const input = { ...orders, version: version(number), environment: 'test', dryRun: false }
    return (await deploy(owner, input)).deployment.id ?? ''
  }
  let first = ''
  let second = ''
  expect(await states(async () => (first = await put('1.0')))).toEqual([
    ['pipelines.deploy', null, { id: first, pipeline: 'orders', environment: 'test', version: '1.0' }],
  ])
  expect(await states(async () => (second = await put('1.1')))).toEqual([
    ['pipelines.deploy', { id: first, version: '1.0' }, having({ id: second, version: '1.1' })],
  ])
  expect(await states(async () => await undeploy(owner, { organization, deployment: second }))).toEqual([
    ['pipelines.undeploy', { id: second, pipeline: 'orders', environment: 'test', version: '1.1' }, null],
  ])
  expect(await states(async () => await removePipeline(owner, orders))).toEqual([
    ['pipelines.remove', { name: 'orders', project: 'default' }, null],
  ])
})

test('the changes of an organization, its environments and projects record what they changed', async () => {
  await using world = await openWorld()
  const { owner } = world
  const states = async (operate: () => Promise<unknown>) => await statesOf(world, operate)
  expect(
    await states(async () => await updateOrganization(owner, { organization, name: title('New') })),
  ).toEqual([
    [
      'organizations.update',
      { name: 'Acme', color: null, onLeak: 'notify', ownerMails: OWNER_MAILS_DEFAULT },
      { name: 'New', color: null, onLeak: 'notify', ownerMails: OWNER_MAILS_DEFAULT },
    ],
  ])
  const stage = { organization, name: resourceName('stage') }
  expect(await states(async () => await createEnvironment(owner, stage))).toEqual([
    ['environments.create', null, having({ name: 'stage', position: 2 })],
    ['signing-keys.create', null, having({ environment: 'stage', algorithm: 'EdDSA' })],
  ])
  const environment = { organization, environment: 'stage' }
  expect(
    await states(async () => await updateEnvironment(owner, { ...environment, position: position(0) })),
  ).toEqual([
    [
      'environments.update',
      { position: 2, requiresPrevious: false, whenStale: 'serve' },
      { position: 0, requiresPrevious: false, whenStale: 'serve' },
    ],
  ])
  expect(
    await states(async () => await updateEnvironment(owner, { ...environment, whenStale: 'refuse' })),
  ).toEqual([['environments.update', having({ whenStale: 'serve' }), having({ whenStale: 'refuse' })]])
  const policy = { ...environment, mode: 'jwt', dryRun: false } as const
  expect(await states(async () => await setPolicy(owner, policy))).toEqual([
    ['policies.save', { mode: 'any', version: 1 }, { mode: 'jwt', version: 2 }],
  ])
  expect(await states(async () => await removeEnvironment(owner, environment))).toEqual([
    ['environments.remove', { name: 'stage', position: 0 }, null],
  ])
  const shop = { organization, name: resourceName('shop'), description: description('old') }
  expect(await states(async () => await createProject(owner, shop))).toEqual([
    ['projects.create', null, { name: 'shop', description: 'old' }],
  ])
  const project = { organization, project: 'shop' }
  expect(await states(async () => await describeProject(owner, { ...project, description: null }))).toEqual([
    ['projects.describe', having({ description: 'old' }), having({ description: null })],
  ])
  expect(await states(async () => await removeProject(owner, project))).toEqual([
    ['projects.remove', { name: 'shop', description: null }, null],
  ])
})

test('the changes of secrets, signing keys and issuers record what they changed', async () => {
  await using world = await openWorld()
  const { owner } = world
  const environment = { organization, environment: 'test' }
  const states = async (operate: () => Promise<unknown>) => await statesOf(world, operate)
  const secret = { ...environment, name: secretName('TOKEN'), value: secretValue('hidden') }
  const facts = having({ environment: 'test', name: 'TOKEN' })
  expect(await states(async () => await putSecret(owner, secret))).toEqual([['secrets.create', null, facts]])
  expect(await states(async () => await putSecret(owner, secret))).toEqual([['secrets.update', facts, facts]])
  expect(await states(async () => await removeSecret(owner, secret))).toEqual([
    ['secrets.remove', facts, null],
  ])
  let retired = ''
  const rotated = await states(async () => {
    retired = (await rotateSigningKey(owner, environment)).retired[0]?.id ?? ''
  })
  expect(rotated).toEqual([
    ['signing-keys.rotate', having({ id: retired }), having({ overlapSeconds: 3600, removed: [] })],
  ])
  expect(
    await states(async () => await removeSigningKey(owner, { ...environment, signingKey: retired })),
  ).toEqual([['signing-keys.remove', having({ id: retired }), null]])
  const trusted = {
    ...environment,
    issuer: 'idp',
    audiences: ['api'],
    jwksUrl: 'https://idp.example.com/jwks',
  }
  let issuer = ''
  expect(await states(async () => (issuer = (await createIssuer(owner, trusted)).id))).toEqual([
    ['issuers.create', null, having({ issuer: 'idp', audiences: ['api'] })],
  ])
  expect(await states(async () => await removeIssuer(owner, { ...environment, issuer }))).toEqual([
    ['issuers.remove', having({ id: issuer, issuer: 'idp' }), null],
  ])
})

test('the changes of plans record what they changed', async () => {
  await using world = await openWorld()
  const { owner } = world
  const environment = { organization, environment: 'test' }
  const states = async (operate: () => Promise<unknown>) => await statesOf(world, operate)
  const identity = { ...environment, plan: 'gold' }
  const rateLimits = planLimits([{ requests: 5, per: 'day', scope: 'pipeline' }])
  const first = having({ environment: 'test', name: 'gold', rateLimits: [] })
  const second = having({ environment: 'test', name: 'gold', rateLimits })
  expect(
    await states(async () => await createPlan(owner, { ...environment, name: resourceName('gold') })),
  ).toEqual([['plans.create', null, first]])
  expect(await states(async () => await updatePlan(owner, { ...identity, rateLimits }))).toEqual([
    ['plans.update', first, second],
  ])
  expect(await states(async () => await updatePlan(owner, { ...identity, rateLimits }))).toEqual([])
  expect(await states(async () => await removePlan(owner, identity))).toEqual([
    ['plans.remove', second, null],
  ])
})
