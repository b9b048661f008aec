import { PROJECTS_PER_CONSUMER_MAX } from '@sallyport/core'
import { expect, test } from 'vitest'
import type { OperationContext } from '../access/context.ts'
import { removePipeline } from '../pipelines/remove-pipeline.ts'
import { createProject } from '../projects/create-project.ts'
import { removeProject } from '../projects/remove-project.ts'
import { createRole } from '../roles/create-role.ts'
import { consumerName, resourceName, roleName, rolePermissions } from '../testing/fields.ts'
import { codeOf, openWorld, pipeline, problemOf, type World } from '../testing/world.ts'
import { createConsumer } from './create-consumer.ts'
import { getConsumer } from './reading.ts'
import {
  addConsumerPipeline,
  addConsumerProject,
  removeConsumerPipeline,
  removeConsumerProject,
} from './single-associations.ts'
import { updateConsumer } from './update-consumer.ts'

const organization = 'acme'

/** A world with the project `shop`, its pipeline `orders`, and another project. */
async function openShop(): Promise<World> {
  const world = await openWorld()
  for (const name of ['shop', 'stock']) {
    await createProject(world.owner, { organization, name: resourceName(name) })
  }
  await pipeline(world.owner, 'orders', undefined, 'shop')
  await pipeline(world.owner, 'invoices', undefined, 'stock')
  return world
}

async function consumerOf(world: World, projects: readonly string[], pipelines: readonly string[] = []) {
  const name = consumerName('app')
  const { consumer } = await createConsumer(world.owner, {
    organization,
    name,
    environment: 'test',
    projects,
    pipelines,
  })
  return { organization, consumer: consumer.id }
}

test('associations have the order of their names at once, and another order is no change', async () => {
  await using world = await openShop()
  const app = await consumerOf(world, ['shop'])
  const change = { ...app, projects: ['stock', 'shop'], pipelines: ['orders', 'invoices'] }
  const { consumer, revision } = await updateConsumer(world.owner, change)
  expect(consumer).toEqual(await getConsumer(world.owner, app))
  expect(consumer).toMatchObject({ projects: ['shop', 'stock'], pipelines: ['invoices', 'orders'] })
  expect((await updateConsumer(world.owner, change)).revision).toBe(revision)
})

test('a consumer gets projects when it is created, in a list, and one by one', async () => {
  await using world = await openShop()
  const app = await consumerOf(world, ['shop', 'shop'])
  const projects = async () => (await getConsumer(world.owner, app)).projects
  expect(await projects()).toEqual(['shop'])
  await updateConsumer(world.owner, { ...app, projects: ['stock', 'shop'] })
  expect(await projects()).toEqual(['shop', 'stock'])
  await updateConsumer(world.owner, { ...app, pipelines: ['orders'] })
  expect(await projects()).toEqual(['shop', 'stock'])
  await removeConsumerProject(world.owner, { ...app, project: 'stock' })
  expect(await codeOf(removeConsumerProject(world.owner, { ...app, project: 'stock' }))).toBe('not_found')
  const { revision } = await addConsumerProject(world.owner, { ...app, project: 'stock' })
  expect((await addConsumerProject(world.owner, { ...app, project: 'stock' })).revision).toBe(revision)
  expect(await projects()).toEqual(['shop', 'stock'])
})

test('an association with a pipeline and one with its project are independent', async () => {
  await using world = await openShop()
  const app = await consumerOf(world, ['shop'], ['orders'])
  const viaProject = await removeConsumerPipeline(world.owner, { ...app, pipeline: 'orders' })
  expect(viaProject.consumer).toMatchObject({ pipelines: [], projects: ['shop'] })
  const again = removeConsumerPipeline(world.owner, { ...app, pipeline: 'orders' })
  expect(await codeOf(again)).toBe('not_found')
  await addConsumerPipeline(world.owner, { ...app, pipeline: 'orders' })
  const single = await removeConsumerProject(world.owner, { ...app, project: 'shop' })
  expect(single.consumer).toMatchObject({ pipelines: ['orders'], projects: [] })
})

test('names each project that does not exist, exactly, with the pipelines that do not', async () => {
  await using world = await openShop()
  await createProject(world.rival, { organization: 'rival', name: resourceName('foreign') })
  const projects = ['shop', 'Shop', 'sho', 'foreign']
  const made = consumerOf(world, projects, ['orders', 'shop'])
  expect((await problemOf(made)).extensions).toMatchObject({
    errors: [
      { path: '/pipelines/1', message: 'There is no pipeline "shop".' },
      { path: '/projects/1', message: 'There is no project "Shop".' },
      { path: '/projects/2' },
      { path: '/projects/3', message: 'There is no project "foreign".' },
    ],
  })
  const app = await consumerOf(world, [])
  const added = await problemOf(addConsumerProject(world.owner, { ...app, project: 'Shop' }))
  expect(added.extensions).toMatchObject({ errors: [{ path: '/project' }] })
})

test('only an actor that may read the whole project in the environment can associate it', async () => {
  await using world = await openShop()
  const app = await consumerOf(world, ['stock'])
  const actorWith = async (name: string, scope: object): Promise<OperationContext> => {
    const permissions = rolePermissions(
      { permission: 'consumers.write' },
      { permission: 'consumers.read' },
      { permission: 'pipelines.read', ...scope },
    )
    await createRole(world.owner, { organization, name: roleName(name), permissions })
    return await world.withRoles([name])
  }
  const narrow = {
    'one-pipeline': { pipeline: 'orders' },
    'pipeline-of-project': { project: 'shop', pipeline: 'orders' },
    'other-project': { project: 'stock' },
    'other-environment': { project: 'shop', environment: 'prod' },
  }
  for (const [name, scope] of Object.entries(narrow)) {
    const actor = await actorWith(name, scope)
    const refused = await problemOf(addConsumerProject(actor, { ...app, project: 'shop' }))
    // Like a project that does not exist.
    expect(refused.extensions).toEqual({
      errors: [{ path: '/project', message: 'There is no project "shop".' }],
    })
    // What it has stays, also for an actor that may not read it, which can take it away too.
    await updateConsumer(actor, { ...app, projects: ['stock'] })
    await removeConsumerProject(actor, { ...app, project: 'stock' })
    await addConsumerProject(world.owner, { ...app, project: 'stock' })
  }
  const enough = await actorWith('project-in-test', { project: 'shop', environment: 'test' })
  const { consumer } = await addConsumerProject(enough, { ...app, project: 'shop' })
  expect(consumer.projects).toEqual(['shop', 'stock'])
})

test('a project keeps its consumers when it is emptied, and loses them when it is removed', async () => {
  await using world = await openShop()
  const app = await consumerOf(world, ['shop', 'stock'])
  await removePipeline(world.owner, { organization, pipeline: 'orders' })
  expect((await getConsumer(world.owner, app)).projects).toEqual(['shop', 'stock'])
  await removeProject(world.owner, { organization, project: 'shop' })
  await createProject(world.owner, { organization, name: resourceName('shop') })
  expect((await getConsumer(world.owner, app)).projects).toEqual(['stock'])
})

test(`a consumer has at most ${PROJECTS_PER_CONSUMER_MAX} projects`, async () => {
  await using world = await openShop()
  const names = Array.from({ length: PROJECTS_PER_CONSUMER_MAX - 1 }, (_each, index) => `project-${index}`)
  for (const name of names) await createProject(world.owner, { organization, name: resourceName(name) })
  const app = await consumerOf(world, names)
  await addConsumerProject(world.owner, { ...app, project: 'shop' })
  const full = await problemOf(addConsumerProject(world.owner, { ...app, project: 'stock' }))
  expect([full.code, full.detail]).toEqual([
    'conflict',
    expect.stringContaining(`at most ${PROJECTS_PER_CONSUMER_MAX} projects`),
  ])
  // One that it has already is no more.
  await addConsumerProject(world.owner, { ...app, project: 'shop' })
})

test('associations that are added at the same time are all kept', async () => {
  await using world = await openShop()
  const app = await consumerOf(world, [])
  await Promise.all([
    addConsumerProject(world.owner, { ...app, project: 'shop' }),
    addConsumerPipeline(world.owner, { ...app, pipeline: 'invoices' }),
    addConsumerProject(world.owner, { ...app, project: 'stock' }),
  ])
  const consumer = await getConsumer(world.owner, app)
  expect(consumer).toMatchObject({ pipelines: ['invoices'], projects: ['shop', 'stock'] })
})
