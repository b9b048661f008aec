import { QUOTAS, type Quota } from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import type { OperationContext } from '../access/context.ts'
import { createConsumer } from '../consumers/create-consumer.ts'
import { removeConsumer } from '../consumers/remove-consumer.ts'
import { deploy } from '../deployments/deploy.ts'
import { undeploy } from '../deployments/undeploy.ts'
import { createKey } from '../keys/create-key.ts'
import { deleteKey } from '../keys/delete-key.ts'
import { createPipeline } from '../pipelines/create-pipeline.ts'
import { createVersion } from '../pipelines/create-version.ts'
import { removePipeline } from '../pipelines/remove-pipeline.ts'
import { consumerName, resourceName, title, version as parsedVersion } from '../testing/fields.ts'
import { codeOf, draft, openWorld, problemOf, type World } from '../testing/world.ts'
import { getQuotas } from './reading.ts'

const organization = 'acme'

async function usedBy(world: World): Promise<Readonly<Record<Quota, number>>> {
  return (await getQuotas(world.owner, { organization })).used
}

/** Sets every limit to what `acme` has, plus these. */
async function allowMore(world: World, more: Partial<Record<Quota, number>>): Promise<void> {
  const used = await usedBy(world)
  for (const quota of QUOTAS) world.quotas[quota] = used[quota] + (more[quota] ?? 0)
}

function allowEverything(world: World): void {
  for (const quota of QUOTAS) world.quotas[quota] = 1_000_000_000
}

function key(context: OperationContext, name = 'a key') {
  return createKey(context, { organization, name: title(name), type: 'secret' })
}

function pipeline(context: OperationContext, name: string, routes: readonly string[] = []) {
  const spec = draft({ routes: [...routes] })
  return createPipeline(context, { organization, name: resourceName(name), source: spec, draft: spec })
}

function version(
  context: OperationContext,
  routes: readonly string[] = [],
  bump: 'minor' | 'major' = 'minor',
) {
  const spec = draft({ routes: [...routes] })
  return createVersion(context, { organization, pipeline: 'orders', source: spec, draft: spec, bump })
}

function deployed(context: OperationContext, number: string, name = 'orders', dryRun = false) {
  return deploy(context, {
    organization,
    pipeline: name,
    version: parsedVersion(number),
    environment: 'test',
    dryRun,
  })
}

function consumer(context: OperationContext, name: string) {
  return createConsumer(context, { organization, name: consumerName(name), environment: 'test' })
}

describe('a quota refuses one more', () => {
  test('key, and a deleted one makes room', async () => {
    await using world = await openWorld()
    await allowMore(world, { keys: 1 })
    const { key: created } = await key(world.owner)
    const refused = await problemOf(key(world.owner))
    const limit = world.quotas.keys
    expect(refused).toMatchObject({ code: 'quota_exceeded', status: 403 })
    expect(refused.extensions).toEqual({ quota: 'keys', used: limit, limit })
    expect(refused.detail).toContain('raise the quota "keys"')
    await deleteKey(world.owner, { organization, key: created.id })
    await key(world.owner)
    expect(await codeOf(key(world.owner))).toBe('quota_exceeded')
  })

  test('consumer, or the key of a consumer', async () => {
    await using world = await openWorld()
    await allowMore(world, { consumers: 1, keys: 2 })
    const { consumer: created } = await consumer(world.owner, 'first')
    expect((await problemOf(consumer(world.owner, 'second'))).extensions).toMatchObject({
      quota: 'consumers',
    })
    await removeConsumer(world.owner, { organization, consumer: created.id })
    await consumer(world.owner, 'second')
    await allowMore(world, { consumers: 1 })
    expect((await problemOf(consumer(world.owner, 'third'))).extensions).toMatchObject({ quota: 'keys' })
  })

  test('pipeline, version, or byte of a version', async () => {
    await using world = await openWorld()
    allowEverything(world)
    const before = await usedBy(world)
    await pipeline(world.owner, 'orders')
    const bytes = (await usedBy(world)).versionBytes - before.versionBytes
    expect(bytes).toBeGreaterThan(100)
    await allowMore(world, { versions: 1, versionBytes: bytes })
    expect((await problemOf(pipeline(world.owner, 'stock'))).extensions).toMatchObject({ quota: 'pipelines' })
    await allowMore(world, { pipelines: 1, versionBytes: 10 * bytes })
    expect((await problemOf(pipeline(world.owner, 'stock'))).extensions).toMatchObject({ quota: 'versions' })
    expect((await problemOf(version(world.owner))).extensions).toMatchObject({ quota: 'versions' })
    await allowMore(world, { versions: 1, versionBytes: bytes - 1 })
    expect((await problemOf(version(world.owner))).extensions).toMatchObject({ quota: 'versionBytes' })
    await allowMore(world, { versions: 1, versionBytes: bytes })
    await version(world.owner)
    await removePipeline(world.owner, { organization, pipeline: 'orders' })
    expect(await usedBy(world)).toEqual(before)
  })

  test('deployment or route, also for a dry run, but not a smaller version of a live one', async () => {
    await using world = await openWorld()
    allowEverything(world)
    const before = await usedBy(world)
    await pipeline(world.owner, 'orders', ['/a', '/b'])
    await pipeline(world.owner, 'stock')
    await version(world.owner, ['/a', '/b', '/c'])
    await version(world.owner, ['/a'])
    await allowMore(world, { deployments: 1, routes: 3 })
    const { deployment } = await deployed(world.owner, '1.0')
    const refusals: [number: string, name: string, quota: Quota][] = [
      ['1.0', 'stock', 'deployments'],
      ['1.1', 'orders', 'routes'],
    ]
    for (const [number, name, quota] of refusals) {
      for (const dryRun of [true, false]) {
        const refused = await problemOf(deployed(world.owner, number, name, dryRun))
        expect([refused.code, refused.extensions['quota']]).toEqual(['quota_exceeded', quota])
      }
    }
    const smaller = await deployed(world.owner, '1.2')
    expect(smaller.replaced).toBe(deployment.id)
    expect((await usedBy(world)).routes).toBe(before.routes + 2)
    await undeploy(world.owner, { organization, deployment: smaller.deployment.id ?? '' })
    expect((await usedBy(world)).deployments).toBe(before.deployments)
    expect((await usedBy(world)).routes).toBe(before.routes)
  })
})

test('an organization neither uses up nor sees the quotas of another', async () => {
  await using world = await openWorld()
  await allowMore(world, {})
  const other = (await getQuotas(world.rival, { organization: 'rival' })).used
  expect(other).toMatchObject({ keys: 2, pipelines: 0, routes: 0 })
  world.quotas.keys = 3
  await key(world.owner)
  expect(await codeOf(key(world.owner))).toBe('quota_exceeded')
  await createKey(world.rival, { organization: 'rival', name: title('its own'), type: 'secret' })
  expect(await codeOf(getQuotas(world.rival, { organization }))).toBe('not_found')
})

test('a lowered limit refuses nothing but more', async () => {
  await using world = await openWorld()
  const { key: created } = await key(world.owner)
  world.quotas.keys = 0
  expect(await codeOf(key(world.owner))).toBe('quota_exceeded')
  await deleteKey(world.owner, { organization, key: created.id })
})
