import { expect, test } from 'vitest'
import { createEnvironment } from '../environments/create-environment.ts'
import { removeEnvironment } from '../environments/remove-environment.ts'
import { updateEnvironment } from '../environments/update-environment.ts'
import { createVersion } from '../pipelines/create-version.ts'
import { position, resourceName, version } from '../testing/fields.ts'
import { member } from '../testing/member.ts'
import { codeOf, draft, openWorld, pipeline, problemOf, type World } from '../testing/world.ts'
import { deploy } from './deploy.ts'
import type { Deployed } from './go-live.ts'
import { promote } from './promote.ts'
import { redeploy } from './redeploy.ts'
import { rollBack } from './roll-back.ts'
import { undeploy } from './undeploy.ts'

const organization = 'acme'

/** \`orders\` with 1.0, 1.1 and 2.0, and a \`prod\` that takes only what is live in \`test\`. */
async function openOrders(): Promise<World> {
  const world = await openWorld()
  await pipeline(world.owner, 'orders')
  const save = { organization, pipeline: 'orders', source: {}, draft: draft() }
  await createVersion(world.owner, { ...save, bump: 'minor' })
  await createVersion(world.owner, { ...save, bump: 'major' })
  await updateEnvironment(world.owner, { organization, environment: 'prod', requiresPrevious: true })
  return world
}

async function put(world: World, number: string, environment: string, actor = world.owner): Promise<string> {
  const input = { organization, pipeline: 'orders', version: version(number), environment, dryRun: false }
  return idOf(world, await deploy(actor, input))
}

function idOf(world: World, { deployment }: Deployed): string {
  world.clock.nowMs += 1000
  if (deployment.id === null) throw new Error('This was a dry run.')
  return deployment.id
}

async function refusal(attempt: Promise<unknown>): Promise<unknown> {
  const { code, extensions } = await problemOf(attempt)
  return [code, extensions?.['violations']]
}

const notLive = (required: string, found: string) => [
  'deployment_refused',
  [expect.objectContaining({ rule: 'not-live-before', environment: 'prod', required, found })],
]

test('a version goes live only while it is live in the environment before', async () => {
  await using world = await openOrders()
  expect(await refusal(put(world, '1.1', 'prod'))).toEqual(
    notLive('version 1.1 live in test', 'no live version there'),
  )
  await put(world, '1.0', 'test')
  expect(await refusal(put(world, '1.1', 'prod'))).toEqual(
    notLive('version 1.1 live in test', 'version 1.0 there'),
  )
  // Another major beside it does not count.
  await put(world, '2.0', 'test')
  expect(await refusal(put(world, '1.1', 'prod'))).toEqual(
    notLive('version 1.1 live in test', 'version 1.0 there'),
  )
  const inTest = await put(world, '1.1', 'test')
  await put(world, '1.1', 'prod')
  await put(world, '2.0', 'prod')
  await undeploy(world.owner, { organization, deployment: inTest })
  expect(await refusal(put(world, '1.0', 'prod'))).toEqual(
    notLive('version 1.0 live in test', 'no live version there'),
  )
})

test('what is live stays live and can be redeployed, and a rollback is never held up', async () => {
  await using world = await openOrders()
  await put(world, '1.0', 'test')
  const first = await put(world, '1.0', 'prod')
  const next = await put(world, '1.1', 'test')
  const second = idOf(
    world,
    await promote(world.owner, { organization, deployment: next, environment: 'prod', dryRun: false }),
  )
  await undeploy(world.owner, { organization, deployment: next })
  // The same version again is no news to the environment.
  const again = idOf(world, await redeploy(world.owner, { organization, deployment: second, dryRun: false }))
  expect(await refusal(redeploy(world.owner, { organization, deployment: first, dryRun: false }))).toEqual(
    notLive('version 1.0 live in test', 'no live version there'),
  )
  expect(await rollBack(world.owner, { organization, deployment: again, dryRun: false })).toMatchObject({
    deployment: { environment: 'prod' },
  })
})

test('the order that counts is the one at the deployment, and the first environment requires nothing', async () => {
  await using world = await openOrders()
  await updateEnvironment(world.owner, { organization, environment: 'prod', position: position(0) })
  await put(world, '1.1', 'prod')
  await updateEnvironment(world.owner, { organization, environment: 'prod', position: position(1) })
  expect(await codeOf(put(world, '1.0', 'prod'))).toBe('deployment_refused')
  await updateEnvironment(world.owner, { organization, environment: 'prod', requiresPrevious: false })
  await put(world, '1.0', 'prod')
})

test('only an actor for the whole organization moves environments, because that changes what the others require', async () => {
  await using world = await openOrders()
  await createEnvironment(world.owner, { organization, name: resourceName('sandbox') })
  const sandbox = await world.withRoles(['owner'], 'sandbox')
  const move = { organization, environment: 'sandbox', position: position(1) }
  expect(await codeOf(updateEnvironment(sandbox, move))).toBe('permission_missing')
  await put(world, '1.1', 'sandbox')
  expect(await codeOf(put(world, '1.1', 'prod'))).toBe('deployment_refused')
  // The same position moves nothing.
  const stay = { ...move, position: position(2), requiresPrevious: true }
  expect((await updateEnvironment(sandbox, stay)).environment).toMatchObject({
    position: 2,
    requiresPrevious: true,
  })
  await updateEnvironment(world.owner, move)
  await put(world, '1.1', 'prod')
})

test('an environment that the next one requires is not removed', async () => {
  await using world = await openOrders()
  const remove = { organization, environment: 'test' }
  expect(await problemOf(removeEnvironment(world.owner, remove))).toMatchObject({
    code: 'conflict',
    detail: expect.stringContaining('requiresPrevious'),
  })
  await updateEnvironment(world.owner, { organization, environment: 'prod', requiresPrevious: false })
  await removeEnvironment(world.owner, remove)
})

test('a developer who knows only the target does not learn the name of the environment before', async () => {
  await using world = await openOrders()
  const actor = member({
    acme: [
      { permission: 'pipelines.deploy', environment: 'prod' },
      { permission: 'pipelines.read', environment: 'prod' },
    ],
  })
  expect(await refusal(put(world, '1.1', 'prod', { ...world.owner, actor }))).toEqual(
    notLive('version 1.1 live in the environment before it', 'no live version there'),
  )
})
