import { expect, test } from 'vitest'
import { createVersion } from '../pipelines/create-version.ts'
import { deploy } from './deploy.ts'
import type { Deployed } from './go-live.ts'
import { setPolicy } from '../policies/set-policy.ts'
import type { World } from '../testing/world.ts'
import { version } from '../testing/fields.ts'
import { codeOf, draft, OPEN, openWorld, pipeline, problemOf } from '../testing/world.ts'
import { undeploy } from './undeploy.ts'
import { getPolicy } from '../policies/reading.ts'
import { getDeployment, listDeployments } from './reading.ts'

const organization = 'acme'

function put(
  { owner }: World,
  name: string,
  number = '1.0',
  more: { environment?: string; dryRun?: boolean } = {},
): Promise<Deployed> {
  return deploy(owner, {
    organization,
    pipeline: name,
    version: version(number),
    environment: 'test',
    dryRun: false,
    ...more,
  })
}

async function liveIn({ owner }: World, environment = 'test'): Promise<string[]> {
  const { items } = await listDeployments(owner, { organization, environment, limit: 50 })
  // The clock does not move, so the order of creation is undefined.
  return items.map(({ pipeline: name, major, minor }) => `${name} ${major}.${minor}`).toSorted()
}

test('a minor replaces a minor, and majors are live side by side', async () => {
  await using world = await openWorld()
  await pipeline(world.owner, 'orders')
  const save = { organization, pipeline: 'orders', source: {}, draft: draft() }
  await createVersion(world.owner, { ...save, bump: 'minor' })
  await createVersion(world.owner, { ...save, bump: 'major' })
  const first = await put(world, 'orders')
  expect(first).toMatchObject({ replaced: null, warnings: [], deployment: { project: 'default' } })
  await put(world, 'orders', '2.0')
  expect((await put(world, 'orders', '1.1')).replaced).toBe(first.deployment.id)
  expect(await liveIn(world)).toEqual(['orders 1.1', 'orders 2.0'])
  const ended = await world.store.read.deployments.get(organization, first.deployment.id ?? '')
  expect(ended?.endedAtMs).toBe(world.clock.nowMs)
  // The earlier version again, twice: each deployment is a new one.
  await put(world, 'orders', '1.0')
  await put(world, 'orders', '1.0')
  expect(await liveIn(world)).toEqual(['orders 1.0', 'orders 2.0'])
  expect(await liveIn(world, 'prod')).toEqual([])
})

test('a refused deployment changes nothing', async () => {
  await using world = await openWorld()
  await pipeline(world.owner, 'orders')
  await put(world, 'orders')
  await setPolicy(world.owner, { organization, environment: 'test', mode: 'api-key', dryRun: false })
  const source = {}
  const open = { organization, pipeline: 'orders', source, draft: draft(OPEN), bump: 'minor' } as const
  await createVersion(world.owner, open)
  const revision = await world.store.feed.head()
  const audited = (await world.store.read.audit.list(organization, { limit: 200 })).items.length
  for (const dryRun of [true, false]) {
    const problem = await problemOf(put(world, 'orders', '1.1', { dryRun }))
    expect(problem.code).toBe('deployment_refused')
    expect(problem.extensions).toMatchObject({
      violations: [{ rule: 'api-key-required', policy: 'external-api-access', environment: 'test' }],
    })
  }
  expect(await liveIn(world)).toEqual(['orders 1.0'])
  expect(await world.store.feed.head()).toBe(revision)
  expect((await world.store.read.audit.list(organization, { limit: 200 })).items).toHaveLength(audited)
})

test('a dry run returns the same result and stores nothing', async () => {
  await using world = await openWorld()
  await pipeline(world.owner, 'orders', draft(OPEN))
  const tried = await put(world, 'orders', '1.0', { dryRun: true })
  expect(tried).toMatchObject({ deployment: { id: null }, warnings: [{ rule: 'open-to-everyone' }] })
  expect(await liveIn(world)).toEqual([])
})

test('one of two concurrent deployments with the same route succeeds', async () => {
  await using world = await openWorld()
  const names = ['a', 'b', 'c', 'd']
  for (const name of names) await pipeline(world.owner, name, draft({ path: `/race/:${name}` }))
  const results = await Promise.allSettled(names.map((name) => put(world, name)))
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  for (const result of results) {
    if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'deployment_refused' })
  }
  expect(await liveIn(world)).toHaveLength(1)
})

test('the later of two concurrent deployments of a pipeline stays live', async () => {
  await using world = await openWorld()
  await pipeline(world.owner, 'orders')
  await Promise.all([put(world, 'orders'), put(world, 'orders'), put(world, 'orders')])
  expect(await liveIn(world)).toEqual(['orders 1.0'])
})

test('a route is free after its deployment is removed', async () => {
  await using world = await openWorld()
  await pipeline(world.owner, 'one', draft({ path: '/x' }))
  await pipeline(world.owner, 'two', draft({ path: '/x' }))
  const { deployment } = await put(world, 'one')
  expect(await codeOf(put(world, 'two'))).toBe('deployment_refused')
  const id = deployment.id ?? ''
  const ended = await undeploy(world.owner, { organization, deployment: id })
  expect(ended.revision).toBe(await world.store.feed.head())
  expect(ended.deployment).toEqual(
    (await getDeployment(world.owner, { organization, deployment: id })).deployment,
  )
  expect((await problemOf(undeploy(world.owner, { organization, deployment: id }))).detail).toContain(
    `There is no live deployment "${id}". `,
  )
  await put(world, 'two')
})

test('responds 404 for an unknown pipeline, version or environment', async () => {
  await using world = await openWorld()
  await pipeline(world.owner, 'orders')
  for (const [putting, name] of [
    [() => put(world, 'nothing'), 'pipeline "nothing"'],
    [() => put(world, 'orders', '1.1'), 'version 1.1 of pipeline "orders"'],
    [() => put(world, 'orders', '1.0', { environment: 'nowhere' }), 'environment "nowhere"'],
  ] as const) {
    const { code, detail } = await problemOf(putting())
    expect([code, detail]).toEqual(['not_found', expect.stringContaining(`There is no ${name}. `)])
  }
})

test('a permission in one environment does not extend to another', async () => {
  await using world = await openWorld()
  await pipeline(world.owner, 'orders')
  const input = { organization, pipeline: 'orders', version: version('1.0'), dryRun: false }
  const ci = await world.withRoles(['developer'], 'test')
  await deploy(ci, { ...input, environment: 'test' })
  expect(await codeOf(deploy(ci, { ...input, environment: 'prod' }))).toBe('permission_missing')
  const policies = await world.withRoles(['policy-manager'])
  expect((await problemOf(deploy(policies, { ...input, environment: 'prod' }))).extensions).toEqual({
    permission: 'pipelines.deploy',
  })
  const invoker = await world.withRoles(['invoker'])
  expect(await codeOf(deploy(invoker, { ...input, environment: 'test' }))).toBe('not_found')
})

test('a stricter policy keeps live deployments and changes their conformity at once', async () => {
  await using world = await openWorld()
  await pipeline(world.owner, 'open', draft(OPEN))
  await pipeline(world.owner, 'keyed')
  await put(world, 'open')
  await put(world, 'keyed')
  const input = { organization, environment: 'test', mode: 'api-key' } as const
  const tried = await setPolicy(world.owner, { ...input, dryRun: true })
  expect(tried).toMatchObject({
    policy: { mode: 'api-key', version: 1 },
    conformity: { total: 2, conforming: 1 },
  })
  const before = await getPolicy(world.owner, input)
  expect(before).toMatchObject({ policy: { mode: 'any' }, conformity: { total: 2, conforming: 2 } })
  const saved = await setPolicy(world.owner, { ...input, dryRun: false })
  expect(saved.affected).toEqual(tried.affected)
  expect(saved.affected).toMatchObject([
    { pipeline: 'open', version: '1.0', violations: [{ rule: 'api-key-required' }] },
  ])
  expect(saved.policy).toMatchObject({ version: 2, createdBy: world.owner.actor.id })
  expect(await liveIn(world)).toEqual(['keyed 1.0', 'open 1.0'])
  expect((await getPolicy(world.owner, input)).conformity).toEqual({ total: 2, conforming: 1 })
  // Even the live version is refused when it is deployed again.
  expect(await codeOf(put(world, 'open'))).toBe('deployment_refused')
  await put(world, 'keyed')
})
