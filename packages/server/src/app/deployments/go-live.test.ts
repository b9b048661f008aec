import type { Step } from '@sallyport/core'
import { expect, test } from 'vitest'
import type { OperationContext } from '../access/context.ts'
import { createVersion } from '../pipelines/create-version.ts'
import { deploy } from './deploy.ts'
import type { Deployed } from './go-live.ts'
import { promote } from './promote.ts'
import { redeploy } from './redeploy.ts'
import { rollBack } from './roll-back.ts'
import { rotateSigningKey } from '../signing-keys/rotate-signing-key.ts'
import { setPolicy } from '../policies/set-policy.ts'
import type { World } from '../testing/world.ts'
import { version } from '../testing/fields.ts'
import { member } from '../testing/member.ts'
import { codeOf, draft, OPEN, openWorld, pipeline, problemOf } from '../testing/world.ts'
import { undeploy } from './undeploy.ts'
import { getDeployment, listDeployments, type ListDeploymentsInput } from './reading.ts'

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
  const ended = await problemOf(promoting(world, first))
  expect([ended.code, ended.detail]).toEqual([
    'conflict',
    'The deployment has ended; only live deployments can be promoted. Deploy its version instead.',
  ])
  expect((await problemOf(promoting(world, second, 'test'))).extensions).toEqual({
    errors: [
      {
        path: '/environment',
        message:
          'The deployment already belongs to this environment. Redeploy it, or choose another environment.',
      },
    ],
  })
  expect(await codeOf(promoting(world, second, 'nowhere'))).toBe('not_found')
  expect(await codeOf(promoting(world, 'dep_0'))).toBe('not_found')
})

test('a rollback deploys the previous version, and can be rolled back', async () => {
  await using world = await openWorld()
  await orders(world, 2)
  const other = await put(world, '2.0')
  const first = await put(world, '1.0')
  const only = await problemOf(rolling(world, first))
  expect([only.code, only.detail]).toEqual([
    'conflict',
    'This deployment replaced no other version, so there is nothing to roll back to. Deploy a version instead.',
  ])
  const second = await put(world, '1.1')
  const back = await live(world, rolling(world, second))
  expect(await listed(world, 'live')).toEqual(['2.0', '1.0'])
  expect(back).not.toBe(first)
  const ended = await problemOf(rolling(world, second))
  expect([ended.code, ended.detail]).toEqual([
    'conflict',
    'The deployment has ended, so it cannot be rolled back. Redeploy it instead.',
  ])
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
  const again = await live(world, redeploying(world, back))
  await undeploy(world.owner, { organization, deployment: again })
  const { items } = await world.store.read.audit.list(organization, { limit: 200 })
  const inTest = { pipeline: 'orders', environment: 'test' }
  const records = items.slice(-6).map(({ action, target, before, after }) => [action, target, before, after])
  expect(records).toEqual([
    ['pipelines.deploy', `deployment/${first}`, null, { id: first, ...inTest, version: '1.0' }],
    [
      'pipelines.deploy',
      `deployment/${second}`,
      { id: first, version: '1.0' },
      { id: second, ...inTest, version: '1.1' },
    ],
    [
      'pipelines.promote',
      `deployment/${promoted}`,
      null,
      { id: promoted, pipeline: 'orders', environment: 'prod', version: '1.1', from: second },
    ],
    [
      'pipelines.rollback',
      `deployment/${back}`,
      { id: second, version: '1.1' },
      { id: back, ...inTest, version: '1.0', from: first },
    ],
    [
      'pipelines.redeploy',
      `deployment/${again}`,
      { id: back, version: '1.0' },
      { id: again, ...inTest, version: '1.0', from: back },
    ],
    ['pipelines.undeploy', `deployment/${again}`, { id: again, ...inTest, version: '1.0' }, null],
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

test('a rollback looks past at most 100 deployments of the same version', async () => {
  await using world = await openWorld()
  await orders(world, 2)
  const first = await put(world, '1.0')
  let newest = await put(world, '1.1')
  /** Replaces the live deployment by itself, as a redeployment does, without its gate. */
  const repeat = async (times: number): Promise<void> => {
    const { deployment } = await getDeployment(world.owner, { organization, deployment: newest })
    await world.store.write(async (tx) => {
      for (let time = 0; time < times; time += 1) {
        world.clock.nowMs += 1
        const id = `${newest.slice(0, 20)}_${time}_${world.clock.nowMs}`
        const end = { endedAtMs: world.clock.nowMs, endedBy: 'test', replacedBy: id }
        await tx.deployments.end(organization, newest, end)
        await tx.deployments.insert({ ...deployment, id, createdAtMs: world.clock.nowMs })
        newest = id
      }
      const entry = { organization, atMs: 0, actor: 'test', action: 'repeat', target: 'environment/test' }
      tx.audit({ ...entry, before: null, after: null })
    })
  }
  // The version is live for the 101st time: 100 deployments of it lie before this one.
  await repeat(100)
  const back = { organization, deployment: newest, dryRun: true }
  expect(await rollBack(world.owner, back)).toMatchObject({ deployment: { minor: 0 }, replaced: newest })
  await repeat(1)
  expect(await codeOf(rollBack(world.owner, { ...back, deployment: newest }))).toBe('conflict')
  expect(await listed(world, 'live')).toEqual(['1.1'])
  expect((await redeploying(world, first)).deployment.minor).toBe(0)
})

test('a deployment has the version, its place, and the actor', async () => {
  await using world = await openWorld()
  await orders(world, 1)
  const input = { organization, pipeline: 'orders', version: version('2.0'), environment: 'test' }
  const { deployment } = await deploy(world.owner, { ...input, dryRun: false })
  expect(deployment).toMatchObject({
    organization,
    id: expect.stringMatching(/^dep_/),
    environment: 'test',
    pipeline: 'orders',
    project: 'default',
    major: 2,
    minor: 0,
    spec: { trigger: { paths: ['/v2/orders'] } },
    createdAtMs: world.clock.nowMs,
    createdBy: world.owner.actor.id,
    endedAtMs: null,
    endedBy: null,
    replacedBy: null,
  })
  const stored = await getDeployment(world.owner, { organization, deployment: deployment.id ?? '' })
  expect(stored.deployment).toEqual(deployment)
})

test('a deployment counts towards the quotas of deployments and routes, unless it replaces one', async () => {
  await using world = await openWorld()
  await pipeline(world.owner, 'orders', draft({ path: '/o', routes: ['/o/1'] }))
  const more = { organization, pipeline: 'orders', source: {} }
  for (const routes of [['/o/1', '/o/2'], ['/o/3']]) {
    await createVersion(world.owner, { ...more, draft: draft({ path: '/o', routes }), bump: 'minor' })
  }
  await pipeline(world.owner, 'invoices', draft({ path: '/i' }))
  world.quotas.routes = 2
  world.quotas.deployments = 1
  await put(world, '1.0')
  const quotaOf = async (deployed: Promise<unknown>): Promise<unknown> =>
    (await problemOf(deployed)).extensions
  expect(await quotaOf(put(world, '1.1'))).toEqual({ quota: 'routes', used: 2, limit: 2 })
  await put(world, '1.2')
  world.quotas.routes = 3
  expect(await quotaOf(put(world, '1.0', 'test', 'invoices'))).toEqual({
    quota: 'deployments',
    used: 1,
    limit: 1,
  })
  await put(world, '1.1')
  world.quotas.deployments = 2
  expect(await quotaOf(put(world, '1.0', 'test', 'invoices'))).toEqual({ quota: 'routes', used: 3, limit: 3 })
  world.quotas.routes = 4
  await put(world, '1.0', 'test', 'invoices')
})

test('warns about the other live deployments, not about the one that is replaced', async () => {
  await using world = await openWorld()
  const to = (url: string): readonly Step[] => [{ kind: 'proxy', url, headers: {}, timeoutMs: null }]
  await pipeline(world.owner, 'orders', draft({}, to('http://up/orders')))
  const open = { organization, pipeline: 'orders', source: {}, draft: draft(OPEN, to('http://up/{*}')) }
  await createVersion(world.owner, {
    ...open,
    draft: draft({ ...OPEN, path: '/*' }, to('http://up/{*}')),
    bump: 'minor',
  })
  await put(world, '1.0')
  const warningsOf = async (): Promise<unknown> => {
    const input = { organization, pipeline: 'orders', version: version('1.1'), environment: 'test' }
    const { warnings } = await deploy(world.owner, { ...input, dryRun: true })
    return warnings.map(({ rule }) => rule)
  }
  expect(await warningsOf()).toEqual(['open-to-everyone'])
  await pipeline(world.owner, 'admin', draft({ path: '/admin' }, to('http://up/admin')))
  await put(world, '1.0', 'test', 'admin')
  expect(await warningsOf()).toEqual(['open-to-everyone', 'guarded-path-reachable'])
})

test('a version that mints JWTs gets a signing key if the environment has none', async () => {
  await using world = await openWorld()
  const mint: Step = {
    kind: 'jwt.generate',
    subject: '"me"',
    claims: null,
    scopes: null,
    expiresInSeconds: 60,
  }
  await pipeline(world.owner, 'plain', draft({ path: '/plain' }))
  const decode: Step = { kind: 'jwt.decode', token: 'body' }
  await pipeline(world.owner, 'login', draft({ path: '/login' }, [decode, mint]))
  const kids = async (): Promise<readonly string[]> =>
    (await world.store.read.signingKeys.all(organization, 'test'))
      .filter(({ verifiesUntilMs }) => verifiesUntilMs === null)
      .map(({ id }) => id)
  // A retired key beside the signing key changes nothing.
  await rotateSigningKey(world.owner, { organization, environment: 'test' })
  const [first = ''] = await kids()
  await put(world, '1.0', 'test', 'login')
  expect(await kids()).toEqual([first])
  await world.store.write(async (tx) => {
    await tx.signingKeys.retire(organization, first, world.clock.nowMs)
    const entry = { organization, atMs: 0, actor: 'test', action: 'retire', target: 'environment/test' }
    tx.audit({ ...entry, before: null, after: null })
  })
  await put(world, '1.0', 'test', 'plain')
  expect(await kids()).toEqual([])
  await put(world, '1.0', 'test', 'login')
  expect(await kids()).toEqual([expect.not.stringMatching(first)])
})

test('lists the deployments of an environment or of a pipeline; live ones unless it is said', async () => {
  await using world = await openWorld()
  await pipeline(world.owner, 'orders')
  await pipeline(world.owner, 'invoices', draft({ path: '/i' }))
  const ended = await put(world, '1.0')
  await undeploy(world.owner, { organization, deployment: ended })
  const ofTest = await put(world, '1.0', 'test')
  const ofProd = await put(world, '1.0', 'prod')
  const other = await put(world, '1.0', 'test', 'invoices')
  const idsOf = async (filter: Partial<ListDeploymentsInput>, who = world.owner): Promise<unknown> =>
    (await listDeployments(who, { organization, limit: 50, ...filter })).items.map(({ id }) => id)
  expect(await idsOf({})).toEqual([ofTest, ofProd, other])
  for (const [scope, visible] of [
    [{ environment: 'prod' }, [ofProd]],
    [{ pipeline: 'invoices' }, [other]],
    [{ project: 'default' }, [ofTest, ofProd, other]],
  ] as const) {
    const actor = member({ acme: [{ permission: 'pipelines.read', ...scope }] })
    expect(await idsOf({}, { ...world.owner, actor })).toEqual(visible)
  }
  expect(await idsOf({ environment: 'prod' })).toEqual([ofProd])
  expect(await idsOf({ pipeline: 'orders' })).toEqual([ofTest, ofProd])
  expect(await idsOf({ pipeline: 'orders', environment: 'test', state: 'all' })).toEqual([ended, ofTest])
  const invoker = await world.withRoles(['invoker'])
  expect((await problemOf(listDeployments(invoker, { organization, limit: 50 }))).extensions).toEqual({
    permission: 'pipelines.read',
  })
})
