import type { Step } from '@sallyport/core'
import { expect, test } from 'vitest'
import type { OperationContext } from '../access/context.ts'
import { createVersion } from '../pipelines/create-version.ts'
import { deploy } from './deploy.ts'
import type { Deployed } from './go-live.ts'
import { promote } from './promote.ts'
import { redeploy } from './redeploy.ts'
import { rollBack } from './roll-back.ts'
import { setPolicy } from '../policies/set-policy.ts'
import type { World } from '../testing/world.ts'
import { version } from '../testing/fields.ts'
import { codeOf, draft, OPEN, openWorld, pipeline, problemOf } from '../testing/world.ts'
import { undeploy } from './undeploy.ts'
import { getDeployment, listDeployments } from './reading.ts'

const organization = 'acme'

/** Awaits a deployment, advances the clock, and returns its id. */
async function live(world: World, deployed: Promise<Deployed>): Promise<string> {
  const { deployment } = await deployed
  world.clock.nowMs += 1000
  if (deployment.id === null) throw new Error('This was a dry run.')
  return deployment.id
}

async function put(world: World, number: string, environment = 'test', name = 'orders'): Promise<string> {
  const input = { organization, pipeline: name, version: version(number), environment, dryRun: false }
  return await live(world, deploy(world.owner, input))
}

/** Creates `orders` with the given number of minors, and `2.0`. */
async function orders(world: World, minors: number): Promise<void> {
  await pipeline(world.owner, 'orders')
  const save = { organization, pipeline: 'orders', source: {}, draft: draft() }
  for (let minor = 1; minor < minors; minor += 1) await createVersion(world.owner, { ...save, bump: 'minor' })
  await createVersion(world.owner, { ...save, bump: 'major' })
}

async function listed(
  world: World,
  state: 'live' | 'ended' | 'all',
  environment = 'test',
): Promise<string[]> {
  const { items } = await listDeployments(world.owner, { organization, environment, state, limit: 50 })
  return items.map(({ major, minor }) => `${major}.${minor}`)
}

const demand = async (world: World, environment: string): Promise<void> => {
  await setPolicy(world.owner, { organization, environment, mode: 'jwt', dryRun: false })
}

const rolling = (world: World, deployment: string): Promise<Deployed> =>
  rollBack(world.owner, { organization, deployment, dryRun: false })
const promoting = (world: World, deployment: string, environment = 'prod'): Promise<Deployed> =>
  promote(world.owner, { organization, deployment, environment, dryRun: false })
const redeploying = (world: World, deployment: string): Promise<Deployed> =>
  redeploy(world.owner, { organization, deployment, dryRun: false })

test("a promotion passes only the target environment's gate", async () => {
  await using world = await openWorld()
  await orders(world, 2)
  const id = await put(world, '1.1')
  await demand(world, 'prod')
  const refused = await problemOf(promoting(world, id))
  expect(refused).toMatchObject({
    code: 'deployment_refused',
    extensions: { violations: [{ rule: 'jwt-required', environment: 'prod' }] },
  })
  expect(await listed(world, 'live', 'prod')).toEqual([])
  await setPolicy(world.owner, { organization, environment: 'prod', mode: 'api-key', dryRun: false })
  // The gate of the source environment does not matter.
  await demand(world, 'test')
  expect(await promoting(world, id)).toMatchObject({
    deployment: { environment: 'prod', major: 1, minor: 1 },
    replaced: null,
  })
  expect(await listed(world, 'live', 'prod')).toEqual(['1.1'])
  expect(await listed(world, 'live')).toEqual(['1.1'])
})

test('rejects promoting an ended deployment, or to the same environment', async () => {
  await using world = await openWorld()
  await orders(world, 2)
  const first = await put(world, '1.0')
  const second = await put(world, '1.1')
  expect(await codeOf(promoting(world, first))).toBe('conflict')
  expect((await problemOf(promoting(world, second, 'test'))).extensions).toMatchObject({
    errors: [{ path: '/environment' }],
  })
  expect(await codeOf(promoting(world, second, 'nowhere'))).toBe('not_found')
  expect(await codeOf(promoting(world, 'dep_0'))).toBe('not_found')
})

test('a rollback deploys the previous version, and can be rolled back', async () => {
  await using world = await openWorld()
  await orders(world, 2)
  const other = await put(world, '2.0')
  const first = await put(world, '1.0')
  expect(await codeOf(rolling(world, first))).toBe('conflict')
  const second = await put(world, '1.1')
  const back = await live(world, rolling(world, second))
  expect(await listed(world, 'live')).toEqual(['2.0', '1.0'])
  expect(back).not.toBe(first)
  expect(await codeOf(rolling(world, second))).toBe('conflict')
  await live(world, rolling(world, back))
  expect(await listed(world, 'live')).toEqual(['2.0', '1.1'])
  expect(await codeOf(rolling(world, other))).toBe('conflict')
})

test('a rollback skips deployments of the same version', async () => {
  await using world = await openWorld()
  await orders(world, 2)
  await put(world, '1.0')
  let id = await put(world, '1.1')
  for (let times = 0; times < 3; times += 1) id = await live(world, redeploying(world, id))
  expect(await rolling(world, id)).toMatchObject({ deployment: { minor: 0 }, replaced: id })
})

test('a rollback finds a version that was removed', async () => {
  await using world = await openWorld()
  await orders(world, 2)
  const first = await put(world, '1.0')
  await undeploy(world.owner, { organization, deployment: first })
  world.clock.nowMs += 1000
  const second = await put(world, '1.1')
  expect(await rolling(world, second)).toMatchObject({ deployment: { minor: 0 } })
})

test('a rollback passes the current gate', async () => {
  await using world = await openWorld()
  await pipeline(world.owner, 'orders', draft(OPEN))
  const better = { organization, pipeline: 'orders', source: {}, draft: draft() }
  await createVersion(world.owner, { ...better, bump: 'minor' })
  await put(world, '1.0')
  const id = await put(world, '1.1')
  await setPolicy(world.owner, { organization, environment: 'test', mode: 'api-key', dryRun: false })
  for (const dryRun of [true, false]) {
    expect(await codeOf(rollBack(world.owner, { organization, deployment: id, dryRun }))).toBe(
      'deployment_refused',
    )
  }
  expect(await listed(world, 'live')).toEqual(['1.1'])
})

test('a redeployment deploys a live, removed or replaced version again', async () => {
  await using world = await openWorld()
  await orders(world, 2)
  const first = await put(world, '1.0')
  await undeploy(world.owner, { organization, deployment: first })
  const again = await live(world, redeploying(world, first))
  expect(await listed(world, 'live')).toEqual(['1.0'])
  const second = await put(world, '1.1')
  expect(await redeploying(world, again)).toMatchObject({ deployment: { minor: 0 }, replaced: second })
  expect(await listed(world, 'live')).toEqual(['1.0'])
})

test('rejects redeploying a version whose route is taken by now', async () => {
  await using world = await openWorld()
  await pipeline(world.owner, 'one', draft({ path: '/x' }))
  await pipeline(world.owner, 'two', draft({ path: '/x' }))
  const one = await put(world, '1.0', 'test', 'one')
  await undeploy(world.owner, { organization, deployment: one })
  await put(world, '1.0', 'test', 'two')
  expect((await problemOf(redeploying(world, one))).extensions).toMatchObject({
    violations: [{ rule: 'route-conflict' }],
  })
  // Without the other deployment, it succeeds.
  expect(await codeOf(promoting(world, one))).toBe('conflict')
  await put(world, '1.0', 'prod', 'one')
})

test('a dry run of each action returns the same result and stores nothing', async () => {
  await using world = await openWorld()
  await orders(world, 2)
  await put(world, '1.0')
  const deployment = await put(world, '1.1')
  const revision = await world.store.feed.head()
  const input = { organization, deployment, dryRun: true }
  const tried = { deployment: { id: null } }
  expect(await promote(world.owner, { ...input, environment: 'prod' })).toMatchObject(tried)
  expect(await rollBack(world.owner, input)).toMatchObject({ ...tried, replaced: deployment })
  expect(await redeploy(world.owner, input)).toMatchObject({ ...tried, replaced: deployment })
  expect(await world.store.feed.head()).toBe(revision)
  expect(await listed(world, 'all')).toEqual(['1.0', '1.1'])
})

test('the history shows when each deployment ended, by which actor, and its replacement', async () => {
  await using world = await openWorld()
  await orders(world, 2)
  const first = await put(world, '1.0')
  const replacedAtMs = world.clock.nowMs
  const second = await put(world, '1.1')
  const endedAtMs = world.clock.nowMs
  await undeploy(world.owner, { organization, deployment: second })
  const { id: owner } = world.owner.actor
  const get = async (deployment: string) => await getDeployment(world.owner, { organization, deployment })
  expect(await get(first)).toMatchObject({
    deployment: { endedAtMs: replacedAtMs, endedBy: owner, replacedBy: second },
    probe: null,
  })
  expect(await get(second)).toMatchObject({ deployment: { endedAtMs, endedBy: owner, replacedBy: null } })
  await put(world, '2.0')
  expect(await listed(world, 'live')).toEqual(['2.0'])
  expect(await listed(world, 'ended')).toEqual(['1.0', '1.1'])
  expect(await listed(world, 'all')).toEqual(['1.0', '1.1', '2.0'])
})

test('the audit log records each action and the source deployment', async () => {
  await using world = await openWorld()
  await orders(world, 2)
  const first = await put(world, '1.0')
  const second = await put(world, '1.1')
  const promoted = await live(world, promoting(world, second))
  const back = await live(world, rolling(world, second))
  await live(world, redeploying(world, back))
  const { items } = await world.store.read.audit.list(organization, { limit: 200 })
  expect(items.slice(-3)).toMatchObject([
    { action: 'pipelines.promote', target: `deployment/${promoted}`, after: { from: second } },
    { action: 'pipelines.rollback', before: { id: second }, after: { from: first, version: '1.0' } },
    { action: 'pipelines.redeploy', before: { id: back }, after: { from: back, version: '1.0' } },
  ])
})

test('each action needs the permission to deploy in the target environment', async () => {
  await using world = await openWorld()
  await orders(world, 2)
  await put(world, '1.0')
  const deployment = await put(world, '1.1')
  const ways = (who: OperationContext): Record<string, () => Promise<unknown>> => ({
    promote: () => promote(who, { organization, deployment, environment: 'prod', dryRun: true }),
    rollBack: () => rollBack(who, { organization, deployment, dryRun: true }),
    redeploy: () => redeploy(who, { organization, deployment, dryRun: true }),
  })
  const reader = await world.withRoles(['auditor'])
  for (const operate of Object.values(ways(reader))) {
    expect((await problemOf(operate())).extensions).toEqual({ permission: 'pipelines.deploy' })
  }
  await getDeployment(reader, { organization, deployment })
  const tester = ways(await world.withRoles(['developer'], 'test'))
  expect(await codeOf(tester['promote']?.() ?? Promise.resolve())).toBe('permission_missing')
  await tester['rollBack']?.()
  await tester['redeploy']?.()
  const elsewhere = await world.withRoles(['developer'], 'prod')
  for (const operate of Object.values(ways(elsewhere))) expect(await codeOf(operate())).toBe('not_found')
  expect(await codeOf(getDeployment(elsewhere, { organization, deployment }))).toBe('not_found')
})

test('checks the secrets of the target environment', async () => {
  await using world = await openWorld()
  const call: Step = {
    kind: 'call',
    url: 'http://orders.internal/?key={secrets.KEY}',
    method: 'GET',
    headers: {},
    body: null,
    timeoutMs: null,
  }
  await pipeline(world.owner, 'orders', draft({}, [call]))
  await world.store.write(async (tx) => {
    await tx.environmentSecrets.insert({
      organization,
      environment: 'test',
      id: 'sec_1',
      name: 'KEY',
      sealedValue: 'sealed',
      createdAtMs: world.clock.nowMs,
      updatedAtMs: world.clock.nowMs,
      updatedBy: 'setup',
    })
    tx.audit({
      organization,
      atMs: world.clock.nowMs,
      actor: 'setup',
      action: 'secrets.create',
      target: 'secret/KEY',
      before: null,
      after: null,
    })
  })
  const id = await put(world, '1.0')
  expect((await problemOf(promoting(world, id))).extensions).toMatchObject({
    violations: [{ rule: 'secret-unknown', environment: 'prod', path: '/steps/0/call/url' }],
  })
})

test('an environment has at most 10,000 live deployments; one more replaces another or is refused', async () => {
  await using world = await openWorld()
  await orders(world, 2)
  const first = await put(world, '1.0')
  const { deployment } = await getDeployment(world.owner, { organization, deployment: first })
  const fill = async (from: number, to: number): Promise<void> => {
    await world.store.write(async (tx) => {
      for (let major = from; major < to; major += 1) {
        const trigger = { ...deployment.spec.trigger, paths: [`/filled/${major}`] }
        const row = { ...deployment, id: `dep_${major}`, major, spec: { ...deployment.spec, trigger } }
        await tx.pipelines.insertVersion({ ...row, source: {} })
        await tx.deployments.insert(row)
      }
      const entry = { organization, atMs: 0, actor: 'test', action: 'fill', target: 'environment/test' }
      tx.audit({ ...entry, before: null, after: null })
    })
  }
  // Together with `orders`, exactly 10,000; in parts, because a write has a time limit.
  for (let from = 3; from < 10_002; from += 1_000) await fill(from, Math.min(from + 1_000, 10_002))
  const input = { organization, pipeline: 'orders', environment: 'test', dryRun: false }
  const refused = await problemOf(deploy(world.owner, { ...input, version: version('2.0') }))
  expect([refused.code, refused.detail]).toEqual(['conflict', expect.stringContaining('10000')])
  await deploy(world.owner, { ...input, version: version('1.1') })
  await undeploy(world.owner, { organization, deployment: 'dep_3' })
  await deploy(world.owner, { ...input, version: version('2.0') })
}, 60_000)
