import type { Grant } from '@sallyport/core'
import { expect, test } from 'vitest'
import type { OperationContext } from '../access/context.ts'
import { removeEnvironment } from '../environments/remove-environment.ts'
import { createVersion } from '../pipelines/create-version.ts'
import { createProject } from '../projects/create-project.ts'
import { removeProject } from '../projects/remove-project.ts'
import { removePipeline } from '../pipelines/remove-pipeline.ts'
import { resourceName, version } from '../testing/fields.ts'
import { member } from '../testing/member.ts'
import { codeOf, draft, openWorld, pipeline, problemOf, type World } from '../testing/world.ts'
import { deploy } from './deploy.ts'
import type { Deployed } from './go-live.ts'
import { promote } from './promote.ts'
import { getDeployment, listDeployments } from './reading.ts'
import { redeploy } from './redeploy.ts'
import { rollBack } from './roll-back.ts'
import { undeploy } from './undeploy.ts'

const organization = 'acme'
const REMOVED =
  'The pipeline of this deployment was removed, so its versions cannot go live again. Save the spec as a new pipeline and deploy that.'

/** `orders` with the versions 1.0 and 1.1, in the project `sales`. */
async function openOrders(): Promise<World> {
  const world = await openWorld()
  await createProject(world.owner, { organization, name: resourceName('sales') })
  await createOrders(world)
  return world
}

async function createOrders(world: World): Promise<void> {
  await pipeline(world.owner, 'orders', draft(), 'sales')
  const save = { organization, pipeline: 'orders', source: {}, draft: draft() }
  await createVersion(world.owner, { ...save, bump: 'minor' })
}

/** Awaits a deployment, advances the clock, and returns its id. */
async function idOf(world: World, deployed: Promise<Deployed>): Promise<string> {
  const { deployment } = await deployed
  world.clock.nowMs += 1000
  return deployment.id ?? ''
}

const put = async (world: World, number: string, environment = 'test'): Promise<string> =>
  await idOf(
    world,
    deploy(world.owner, {
      organization,
      pipeline: 'orders',
      version: version(number),
      environment,
      dryRun: false,
    }),
  )

const removing = (world: World) => removePipeline(world.owner, { organization, pipeline: 'orders' })
const ending = (world: World, deployment: string) => undeploy(world.owner, { organization, deployment })

/** The context of another member with these grants. */
const granted = (world: World, ...grants: readonly Grant[]): OperationContext => ({
  ...world.owner,
  actor: member({ acme: grants }),
})

const reads = (scope: Omit<Grant, 'permission'> = {}): Grant => ({ permission: 'pipelines.read', ...scope })
const deploys = (scope: Omit<Grant, 'permission'> = {}): Grant => ({
  permission: 'pipelines.deploy',
  ...scope,
})

const read = async (context: OperationContext, deployment: string) =>
  (await getDeployment(context, { organization, deployment })).deployment

const listed = async (context: OperationContext): Promise<readonly string[]> =>
  (await listDeployments(context, { organization, state: 'all', limit: 50 })).items.map(({ id }) => id)

test('a deployment says how it went live, from which one, and who did it', async () => {
  await using world = await openOrders()
  const { owner } = world
  const ci = await world.withRoles(['developer'])
  const first = await put(world, '1.0')
  const second = await put(world, '1.1')
  const promoted = await idOf(
    world,
    promote(ci, { organization, deployment: second, environment: 'prod', dryRun: false }),
  )
  const back = await idOf(world, rollBack(ci, { organization, deployment: second, dryRun: false }))
  const again = await idOf(world, redeploy(owner, { organization, deployment: second, dryRun: false }))
  const own = owner.actor.id
  const inTest = (deployment: string) => ({ deployment, environment: 'test' })
  for (const [id, origin, from, createdBy] of [
    [first, 'deploy', null, own],
    [second, 'deploy', null, own],
    [promoted, 'promote', inTest(second), ci.actor.id],
    [back, 'rollback', inTest(first), ci.actor.id],
    [again, 'redeploy', inTest(second), own],
  ] as const) {
    expect(await read(owner, id)).toMatchObject({ origin, from, createdBy, pipelineRemovedAtMs: null })
  }
  const tried = await redeploy(owner, { organization, deployment: first, dryRun: true })
  expect(tried.deployment).toMatchObject({ id: null, origin: 'redeploy', from: inTest(first) })
})

test('the source of a deployment is shown only to those who may read deployments there', async () => {
  await using world = await openOrders()
  const first = await put(world, '1.0')
  await put(world, '1.1')
  const again = await idOf(world, redeploy(world.owner, { organization, deployment: first, dryRun: false }))
  const promotion = { organization, deployment: again, environment: 'prod', dryRun: false }
  const promoted = await idOf(world, promote(world.owner, promotion))
  const from = { deployment: again, environment: 'test' }
  const inProd = granted(world, reads({ environment: 'prod' }))
  const inBoth = granted(
    world,
    reads({ environment: 'prod' }),
    reads({ environment: 'test', pipeline: 'orders' }),
  )
  const inOther = granted(
    world,
    reads({ environment: 'prod' }),
    reads({ environment: 'test', pipeline: 'order' }),
  )
  expect(await listed(inProd)).toEqual([promoted])
  for (const [reader, shown] of [
    [inProd, null],
    [inOther, null],
    [inBoth, from],
    [world.owner, from],
  ] as const) {
    expect(await read(reader, promoted)).toMatchObject({ origin: 'promote', from: shown })
    const { items } = await listDeployments(reader, { organization, environment: 'prod', limit: 50 })
    expect(items).toMatchObject([{ id: promoted, origin: 'promote', from: shown }])
  }
  const deployer = granted(world, deploys({ environment: 'test' }))
  const rolled = await rollBack(deployer, { organization, deployment: again, dryRun: true })
  expect(rolled.deployment).toMatchObject({ minor: 1, origin: 'rollback', from: null })
})

test('the deployments of a removed pipeline stay readable and cannot go live again', async () => {
  await using world = await openOrders()
  const first = await put(world, '1.0')
  const second = await put(world, '1.1')
  expect(await codeOf(removing(world))).toBe('conflict')
  await ending(world, second)
  const before = [await read(world.owner, first), await read(world.owner, second)]
  await removing(world)
  const removed = { pipelineRemovedAtMs: world.clock.nowMs }
  expect([await read(world.owner, first), await read(world.owner, second)]).toEqual(
    before.map((row) => ({ ...row, ...removed })),
  )
  expect(await listed(world.owner)).toEqual([first, second])
  // A new pipeline of the same name, which also has a version 1.1, changes nothing.
  for (const create of [async () => {}, () => createOrders(world)]) {
    await create()
    const one = { organization, deployment: first, dryRun: false }
    for (const refused of [
      () => redeploy(world.owner, one),
      () => rollBack(world.owner, one),
      () => promote(world.owner, { ...one, environment: 'prod' }),
    ]) {
      expect(await problemOf(refused())).toMatchObject({ code: 'conflict', detail: REMOVED })
    }
    expect(await codeOf(ending(world, first))).toBe('not_found')
  }
})

test('a new pipeline of the same name begins its own history', async () => {
  await using world = await openOrders()
  const old = [await put(world, '1.0'), await put(world, '1.1')]
  await ending(world, old[1] ?? '')
  await removing(world)
  await createOrders(world)
  const third = await put(world, '1.1')
  expect(await codeOf(rollBack(world.owner, { organization, deployment: third, dryRun: false }))).toBe(
    'conflict',
  )
  expect(await listed(world.owner)).toEqual([...old, third])
  expect(await read(world.owner, third)).toMatchObject({ pipelineRemovedAtMs: null })
  await ending(world, third)
  world.clock.nowMs += 1000
  await removing(world)
  const times = await Promise.all(
    [...old, third].map(async (id) => (await read(world.owner, id)).pipelineRemovedAtMs),
  )
  expect(new Set(times).size).toBe(2)
})

test('a reader of a new pipeline or project of the same name does not see the old deployments', async () => {
  await using world = await openOrders()
  const old = await put(world, '1.0')
  const narrow = [
    reads({ pipeline: 'orders' }),
    reads({ project: 'sales' }),
    reads({ environment: 'test', pipeline: 'orders' }),
    reads({ environment: 'test', project: 'sales' }),
  ].map((grant) => granted(world, grant))
  for (const reader of narrow) expect(await listed(reader)).toEqual([old])
  await ending(world, old)
  await removing(world)
  await removeProject(world.owner, { organization, project: 'sales' })
  await createProject(world.owner, { organization, name: resourceName('sales') })
  await createOrders(world)
  for (const reader of narrow) {
    expect(await listed(reader)).toEqual([])
    expect(await codeOf(read(reader, old))).toBe('not_found')
  }
  expect(await listed(granted(world, reads({ environment: 'test' })))).toEqual([old])
  expect(await listed(granted(world, reads({ environment: 'prod' })))).toEqual([])
  expect(await codeOf(read(granted(world, reads({ environment: 'prod' })), old))).toBe('not_found')
  expect(await codeOf(read(world.rival, old))).toBe('not_found')
  const theirs = getDeployment(world.rival, { organization: 'rival', deployment: old })
  expect(await codeOf(theirs)).toBe('not_found')
  // The old deployment in this environment does not reveal the new pipeline.
  const inTest = granted(world, reads({ environment: 'test' }))
  const probing = removePipeline(inTest, { organization, pipeline: 'orders' })
  expect(await codeOf(probing)).toBe('not_found')
})

test('a removal is refused during a rollback, and excludes a redeployment at the same time', async () => {
  await using world = await openOrders()
  await put(world, '1.0')
  const second = await put(world, '1.1')
  // While a rollback replaces the live deployment, the pipeline is never without one.
  const rolling = idOf(world, rollBack(world.owner, { organization, deployment: second, dryRun: false }))
  expect(await codeOf(removing(world))).toBe('conflict')
  const back = await rolling
  await ending(world, back)
  const [removal, again] = await Promise.allSettled([
    removing(world),
    redeploy(world.owner, { organization, deployment: back, dryRun: false }),
  ])
  expect([removal.status, again.status].toSorted()).toEqual(['fulfilled', 'rejected'])
  const refusals = [removal, again].flatMap((result) =>
    result.status === 'rejected' ? [result.reason as unknown] : [],
  )
  expect(refusals).toMatchObject([{ code: 'conflict' }])
  const live = await listDeployments(world.owner, { organization, limit: 50 })
  expect(live.items).toHaveLength(again.status === 'fulfilled' ? 1 : 0)
})

test('an environment is removed with its deployments, and stays the source of a promotion', async () => {
  await using world = await openOrders()
  const old = await put(world, '1.0')
  const promotion = { organization, deployment: old, environment: 'prod', dryRun: false }
  const promoted = await idOf(world, promote(world.owner, promotion))
  for (const id of [old, promoted]) await ending(world, id)
  await removing(world)
  expect(await listed(world.owner)).toEqual([old, promoted])
  await removeEnvironment(world.owner, { organization, environment: 'test' })
  expect(await listed(world.owner)).toEqual([promoted])
  expect(await read(world.owner, promoted)).toMatchObject({
    from: { deployment: old, environment: 'test' },
  })
})
