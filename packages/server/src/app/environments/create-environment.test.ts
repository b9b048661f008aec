import { ENVIRONMENTS_MAX } from '@sallyport/core'
import { expect, test } from 'vitest'
import type { OperationContext } from '../access/context.ts'
import { createConsumer } from '../consumers/create-consumer.ts'
import { createEnvironment } from './create-environment.ts'
import { createKey } from '../keys/create-key.ts'
import { deleteKey } from '../keys/delete-key.ts'
import { deploy } from '../deployments/deploy.ts'
import { updateEnvironment } from './update-environment.ts'
import { removeConsumer } from '../consumers/remove-consumer.ts'
import { removeEnvironment } from './remove-environment.ts'
import { codeOf, openWorld, pipeline, problemOf } from '../testing/world.ts'
import { consumerName, position, resourceName, title, version } from '../testing/fields.ts'
import { undeploy } from '../deployments/undeploy.ts'
import { getPolicy } from '../policies/reading.ts'
import { listEnvironments } from './reading.ts'

const organization = 'acme'

async function order(context: OperationContext): Promise<string> {
  const { items } = await listEnvironments(context, { organization, limit: 50 })
  return items.map((row) => `${row.name}${row.position}`).join(' ')
}

test('a new environment is the last one, or takes the given position', async () => {
  await using world = await openWorld()
  await createEnvironment(world.owner, { organization, name: resourceName('live') })
  await createEnvironment(world.owner, { organization, name: resourceName('stage'), position: position(1) })
  expect(await order(world.owner)).toBe('test0 stage1 prod2 live3')
  expect((await getPolicy(world.owner, { organization, environment: 'stage' })).policy.mode).toBe('any')
  await updateEnvironment(world.owner, { organization, environment: 'test', position: position(31) })
  expect(await order(world.owner)).toBe('stage0 prod1 live2 test3')
  await removeEnvironment(world.owner, { organization, environment: 'prod' })
  expect(await order(world.owner)).toBe('stage0 live1 test2')
})

test('rejects a taken name and too many environments', async () => {
  await using world = await openWorld()
  const create = (name: string): Promise<unknown> =>
    createEnvironment(world.owner, { organization, name: resourceName(name) })
  expect(await codeOf(create('test'))).toBe('conflict')
  await create('a'.repeat(63))
  for (let count = 3; count < ENVIRONMENTS_MAX; count += 1) await create(`e${count}`)
  expect(await codeOf(create('one-more'))).toBe('conflict')
})

test('refuses to remove an environment that is in use', async () => {
  await using world = await openWorld()
  const remove = (): Promise<unknown> => removeEnvironment(world.owner, { organization, environment: 'test' })
  await pipeline(world.owner, 'orders')
  const live = await deploy(world.owner, {
    organization,
    pipeline: 'orders',
    version: version('1.0'),
    environment: 'test',
    dryRun: false,
  })
  const { consumer } = await createConsumer(world.owner, {
    organization,
    name: consumerName('app'),
    environment: 'test',
  })
  const input = { organization, name: title('k'), type: 'secret', environment: 'test' } as const
  const { key } = await createKey(world.owner, input)
  expect((await problemOf(remove())).detail).toContain('live deployments, consumers, keys')
  await undeploy(world.owner, { organization, deployment: live.deployment.id ?? '' })
  expect((await problemOf(remove())).detail).toContain('has consumers, keys')
  await removeConsumer(world.owner, { organization, consumer: consumer.id })
  expect((await problemOf(remove())).detail).toContain('has keys')
  await deleteKey(world.owner, { organization, key: key.id })
  await remove()
  expect(await order(world.owner)).toBe('prod0')
  expect(await codeOf(remove())).toBe('not_found')
})

test('a key of one environment sees only this environment', async () => {
  await using world = await openWorld()
  const bound = await world.withRoles(['owner'], 'test')
  expect(await order(bound)).toBe('test0')
  expect(await codeOf(createEnvironment(bound, { organization, name: resourceName('x') }))).toBe(
    'permission_missing',
  )
  const auditor = await world.withRoles(['auditor'])
  expect(await codeOf(removeEnvironment(auditor, { organization, environment: 'test' }))).toBe(
    'permission_missing',
  )
  expect(await codeOf(removeEnvironment(bound, { organization, environment: 'prod' }))).toBe('not_found')
})
