import { PERMISSIONS, type Grant, type Permission } from '@sallyport/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createConsumer } from '../consumers/create-consumer.ts'
import { deploy } from '../deployments/deploy.ts'
import { undeploy } from '../deployments/undeploy.ts'
import { createIssuer } from '../issuers/create-issuer.ts'
import { createProject } from '../projects/create-project.ts'
import { consumerName, resourceName, version } from '../testing/fields.ts'
import { member } from '../testing/member.ts'
import { draft, openWorld, pipeline, problemOf, type World } from '../testing/world.ts'
import type { OperationContext } from './context.ts'
import { permittedConsumer } from './permitted-consumer.ts'
import { permittedDeployment } from './permitted-deployment.ts'
import { permittedEnvironment } from './permitted-environment.ts'
import { permittedIssuer } from './permitted-issuer.ts'
import { permittedKey } from './permitted-key.ts'
import { permittedPipeline } from './permitted-pipeline.ts'
import { permittedProject } from './permitted-project.ts'

// Which grants find which resource: the resource itself, its missing permission by name, or nothing.

const organization = 'acme'
let world: World
let ids: {
  readonly consumer: string
  readonly key: string
  readonly deployment: string
  readonly issuer: string
}

beforeAll(async () => {
  world = await openWorld()
  const { owner } = world
  const app = { organization, name: consumerName('app'), environment: 'test' }
  const { consumer, key } = await createConsumer(owner, app)
  for (const name of ['sales', 'empty', 'support']) {
    await createProject(owner, { organization, name: resourceName(name) })
  }
  await pipeline(owner, 'orders', draft({ path: '/orders' }), 'sales')
  await pipeline(owner, 'invoices', draft({ path: '/invoices' }), 'sales')
  await pipeline(owner, 'tickets', draft({ path: '/tickets' }), 'support')
  const input = { organization, version: version('1.0'), dryRun: false }
  const { deployment } = await deploy(owner, { ...input, pipeline: 'orders', environment: 'test' })
  const ended = await deploy(owner, { ...input, pipeline: 'tickets', environment: 'prod' })
  await undeploy(owner, { organization, deployment: ended.deployment.id ?? '' })
  const { id: issuer } = await createIssuer(owner, {
    organization,
    environment: 'test',
    issuer: 'idp',
    audiences: ['api'],
    jwksUrl: 'https://idp.example.com/jwks',
  })
  ids = { consumer: consumer.id, key: key.id, deployment: deployment.id ?? '', issuer }
})

afterAll(async () => {
  await world[Symbol.asyncDispose]()
})

/** `found`, or the refusal: the missing permission, or the first sentence of `not_found`. */
async function outcome(
  grants: readonly Grant[],
  find: (context: OperationContext) => Promise<unknown>,
): Promise<string> {
  const finding = find({ ...world.owner, actor: member({ acme: grants }) })
  const refused = await finding.then(
    () => undefined,
    async () => await problemOf(finding),
  )
  if (refused === undefined) return 'found'
  const { code, detail, extensions } = refused
  return code === 'permission_missing'
    ? `needs ${String(extensions['permission'])}`
    : detail.split(/[.] /, 1).join()
}

const inTest = { environment: 'test' }
const prod = { environment: 'prod' }

describe.each<
  [
    string,
    string,
    Permission,
    Permission,
    (id: string, permission: Permission) => (context: OperationContext) => Promise<unknown>,
    () => string,
  ]
>([
  [
    'consumer',
    'con_0',
    'consumers.read',
    'consumers.write',
    (id, permission) => (context) =>
      permittedConsumer(context, world.store.read.consumers, organization, id, permission),
    () => ids.consumer,
  ],
  [
    'key',
    'key_0000000000000000',
    'keys.read',
    'keys.roll',
    (id, permission) => (context) =>
      permittedKey(context, world.store.read.keys, organization, id, permission),
    () => ids.key,
  ],
  [
    'deployment',
    'dep_0',
    'pipelines.read',
    'pipelines.deploy',
    (id, permission) => (context) =>
      permittedDeployment(context, world.store.read.deployments, organization, id, permission),
    () => ids.deployment,
  ],
])('a %s', (kind, absent, read, write, find, idOf) => {
  test('is found by a grant for its environment', async () => {
    expect(await outcome([{ permission: write, ...inTest }], find(idOf(), write))).toBe('found')
    expect(await outcome([{ permission: read, ...inTest }], find(idOf(), write))).toBe(`needs ${write}`)
  })

  test('looks nonexistent without one', async () => {
    for (const grants of [[], [{ permission: read, ...prod }], [{ permission: write, ...prod }]]) {
      expect(await outcome(grants, find(idOf(), write))).toBe(`There is no ${kind} "${idOf()}"`)
    }
    expect(await outcome([{ permission: read }], find(absent, read))).toBe(`There is no ${kind} "${absent}"`)
    expect(await outcome([{ permission: read }], find('nonsense', read))).toBe(
      `There is no ${kind} "nonsense"`,
    )
  })
})

describe('a deployment', () => {
  test('is found by a grant for its project or its pipeline', async () => {
    const find = (context: OperationContext) =>
      permittedDeployment(
        context,
        world.store.read.deployments,
        organization,
        ids.deployment,
        'pipelines.read',
      )
    for (const scope of [{ project: 'sales' }, { pipeline: 'orders' }, { ...inTest, project: 'sales' }]) {
      expect(await outcome([{ permission: 'pipelines.read', ...scope }], find)).toBe('found')
    }
    for (const scope of [{ project: 'support' }, { pipeline: 'invoices' }, { ...prod, pipeline: 'orders' }]) {
      expect(await outcome([{ permission: 'pipelines.read', ...scope }], find)).toMatch(
        'There is no deployment',
      )
    }
  })
})

describe('an environment', () => {
  const find = (name: string) => (context: OperationContext) =>
    permittedEnvironment(context, world.store.read.environments, organization, name, 'organization.write')

  test('is known to actors whose permissions name environments in their answers', async () => {
    const revealing: Permission[] = []
    for (const permission of PERMISSIONS) {
      if ((await outcome([{ permission, ...inTest }], find('test'))) === 'needs organization.write') {
        revealing.push(permission)
      }
      const elsewhere = await outcome([{ permission, ...prod }], find('test'))
      expect([permission, elsewhere]).toEqual([permission, 'There is no environment "test"'])
    }
    expect(revealing.toSorted()).toEqual([
      'consumers.read',
      'keys.read',
      'organization.read',
      'pipelines.read',
      'policies.read',
      'secrets.read',
      'signing-keys.read',
      'variables.read',
    ])
  })

  test('is found by a grant for it', async () => {
    expect(await outcome([{ permission: 'organization.write', ...inTest }], find('test'))).toBe('found')
    expect(await outcome([{ permission: 'organization.write' }], find('stage'))).toBe(
      'There is no environment "stage"',
    )
  })
})

test('an issuer is found in its own environment only', async () => {
  const find = (environment: string, issuer: string) => (context: OperationContext) =>
    permittedIssuer(context, world.store.read, { organization, environment, issuer }, 'signing-keys.read')
  const grants = [{ permission: 'signing-keys.read' }] as const
  expect(await outcome(grants, find('test', ids.issuer))).toBe('found')
  expect(await outcome(grants, find('prod', ids.issuer))).toBe(`There is no issuer "${ids.issuer}" in prod`)
  expect(await outcome(grants, find('test', 'iss_0'))).toBe('There is no issuer "iss_0" in test')
  expect(await outcome([{ permission: 'keys.read' }], find('test', ids.issuer))).toBe(
    'needs signing-keys.read',
  )
})

describe('a pipeline', () => {
  const find = (name: string, environment?: string) => (context: OperationContext) =>
    permittedPipeline(context, world.store.read, organization, name, 'pipelines.write', environment)

  test('is found by a grant for it, its project, or the environment where it is used', async () => {
    for (const scope of [{}, { project: 'sales' }, { pipeline: 'orders' }]) {
      expect(await outcome([{ permission: 'pipelines.write', ...scope }], find('orders'))).toBe('found')
    }
    const grants = [{ permission: 'pipelines.write', ...prod }] as const
    expect(await outcome(grants, find('orders', 'prod'))).toBe('found')
    expect(await outcome(grants, find('orders', 'test'))).toBe('There is no pipeline "orders"')
    expect(await outcome(grants, find('orders'))).toBe('There is no pipeline "orders"')
  })

  test.each<[string, Omit<Grant, 'permission'>, boolean]>([
    ['orders', { pipeline: 'orders' }, true],
    ['orders', { project: 'sales' }, true],
    // It is deployed in test.
    ['orders', { environment: 'test' }, true],
    ['orders', { environment: 'test', project: 'sales' }, true],
    ['orders', { environment: 'test', pipeline: 'orders' }, true],
    ['orders', { environment: 'prod' }, false],
    ['orders', { environment: 'test', project: 'support' }, false],
    ['orders', { environment: 'test', pipeline: 'invoices' }, false],
    ['invoices', { environment: 'test' }, false],
    // It was deployed in prod.
    ['tickets', { environment: 'prod' }, true],
    ['nothing', {}, false],
  ])('%s is revealed to readers of %j: %j', async (name, scope, isRevealed) => {
    expect(await outcome([{ permission: 'pipelines.read', ...scope }], find(name))).toBe(
      isRevealed ? 'needs pipelines.write' : `There is no pipeline "${name}"`,
    )
  })

  test('is revealed to readers of the environment where it is used', async () => {
    const grants = [{ permission: 'pipelines.read', ...prod }] as const
    expect(await outcome(grants, find('orders', 'prod'))).toBe('needs pipelines.write')
    expect(await outcome(grants, find('orders', 'test'))).toBe('There is no pipeline "orders"')
    // Other permissions do not reveal it.
    expect(await outcome([{ permission: 'pipelines.deploy', ...inTest }], find('orders'))).toBe(
      'There is no pipeline "orders"',
    )
  })
})

describe('a project', () => {
  const find = (name: string) => (context: OperationContext) =>
    permittedProject(context, world.store.read, organization, name, 'pipelines.write')

  test('is found by a grant for it', async () => {
    expect(await outcome([{ permission: 'pipelines.write', project: 'sales' }], find('sales'))).toBe('found')
    expect(await outcome([{ permission: 'pipelines.write', project: 'support' }], find('sales'))).toBe(
      'There is no project "sales"',
    )
  })

  test.each<[string, Omit<Grant, 'permission'>, boolean]>([
    ['sales', { project: 'sales' }, true],
    ['empty', {}, true],
    ['sales', { environment: 'test' }, true],
    ['sales', { pipeline: 'orders' }, true],
    ['sales', { pipeline: 'tickets' }, false],
    ['sales', { environment: 'prod' }, false],
    ['support', { environment: 'prod' }, true],
    ['empty', { environment: 'test' }, false],
    ['nothing', {}, false],
  ])('%s is revealed to readers of %j: %j', async (name, scope, isRevealed) => {
    expect(await outcome([{ permission: 'pipelines.read', ...scope }], find(name))).toBe(
      isRevealed ? 'needs pipelines.write' : `There is no project "${name}"`,
    )
  })
})

test.each<[string, (context: OperationContext) => Promise<unknown>]>([
  [
    'pipeline',
    (context) => permittedPipeline(context, world.store.read, organization, 'orders', 'pipelines.read'),
  ],
  [
    'project',
    (context) => permittedProject(context, world.store.read, organization, 'sales', 'pipelines.read'),
  ],
])("another organization's %s cannot be told from its organization's absence", async (_kind, find) => {
  const refused = await problemOf(find(world.rival))
  expect([refused.code, refused.detail]).toEqual([
    'not_found',
    expect.stringContaining('organization "acme"'),
  ])
})
