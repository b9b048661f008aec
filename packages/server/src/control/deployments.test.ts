import { EnvironmentHosts } from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import { AnonymousProbe } from '../gateway/entrance/anonymous-probe.ts'
import { ACME, openAcme, spec, textOf, type AcmeWorld, type Answer } from './testing/control-world.ts'

/** A world with a real prober. */
async function openProbed(): Promise<AcmeWorld> {
  const world: AcmeWorld = await openAcme({
    prober: {
      probe: async (deployment, revision) =>
        await new AnonymousProbe({
          cell: world.cell,
          nowMs: () => world.clock.nowMs,
          hosts: new EnvironmentHosts(new Map()),
        }).probe(deployment, revision),
    },
  })
  return world
}

async function save(world: AcmeWorld, name: string, trigger: Record<string, unknown> = {}): Promise<void> {
  expect((await world.own('POST', `${ACME}/pipelines`, { name, spec: spec(trigger) })).status).toBe(201)
}

const deploy = async (world: AcmeWorld, pipeline: string, version = '1.0', more = {}): Promise<Answer> =>
  await world.own('POST', `${ACME}/deployments`, { pipeline, version, environment: 'test', ...more })

const idOf = ({ body }: Answer): string => textOf(body['id'])

test('says which deployments are in maintenance, and which version is the newest of a pipeline', async () => {
  await using world = await openProbed()
  await save(world, 'orders')
  await save(world, 'paused', { maintenance: {} })
  await save(world, 'served', { maintenance: null })
  const schedule = { kind: 'schedule', schedule: '@daily' }
  const steps = [{ call: { url: 'https://a.example.com' } }]
  await world.own('POST', `${ACME}/pipelines`, { name: 'nightly', spec: { trigger: schedule, steps } })
  for (const name of ['orders', 'paused', 'served', 'nightly']) await deploy(world, name)
  await world.own('POST', `${ACME}/pipelines/paused/versions`, { spec: spec({}), bump: 'major' })
  const { body } = await world.own('GET', `${ACME}/deployments`)
  const live = body['items'] as unknown as readonly Record<string, unknown>[]
  const paused = live.filter(({ inMaintenance }) => inMaintenance === true)
  expect(live.map(({ inMaintenance }) => typeof inMaintenance)).toEqual(Array(4).fill('boolean'))
  expect(paused).toMatchObject([{ pipeline: 'paused', version: '1.0' }])
  const listed = (await world.own('GET', `${ACME}/pipelines`)).body['items']
  expect(listed).toMatchObject([
    { name: 'nightly', version: '1.0' },
    { name: 'orders', version: '1.0' },
    { name: 'paused', version: '2.0' },
    { name: 'served', version: '1.0' },
  ])
})

test('promotes, rolls back, removes and redeploys; each responds with a deployment', async () => {
  await using world = await openProbed()
  await save(world, 'orders', { methods: ['GET'] })
  const versions = `${ACME}/pipelines/orders/versions`
  await world.own('POST', versions, { spec: spec({ methods: ['GET', 'POST'] }) })
  const first = await deploy(world, 'orders', '1.0')
  expect(first.body).toMatchObject({ receipt: { confirmed: true } })
  const second = await deploy(world, 'orders', '1.1')

  const promote = `${ACME}/deployments/${idOf(second)}/promote`
  expect(await world.own('POST', promote, { environment: 'prod', dryRun: true })).toMatchObject({
    status: 200,
    body: { id: null, environment: 'prod', version: '1.1', probe: null },
  })
  const promoted = await world.own('POST', `${promote}?wait=7`, { environment: 'prod' })
  expect(promoted).toMatchObject({
    status: 201,
    body: {
      pipeline: 'orders',
      version: '1.1',
      environment: 'prod',
      url: 'http://127.0.0.1:8081/acme/prod/v1/orders',
      replaced: null,
      warnings: [],
      probe: { alarm: false, results: [{ method: 'GET' }, { method: 'POST' }] },
      receipt: { confirmed: true, gateways: [{ id: 'gateway-1', confirmed: true }] },
    },
  })
  expect(world.cell.current.environment('acme', 'prod')?.deployments.has(idOf(promoted))).toBe(true)
  expect(await world.own('POST', promote)).toMatchObject({ status: 400, body: { code: 'invalid_request' } })

  const rollback = `${ACME}/deployments/${idOf(second)}/rollback`
  const checked = await world.own('POST', rollback, { dryRun: true })
  expect(checked).toMatchObject({
    status: 200,
    body: { id: null, version: '1.0', replaced: idOf(second) },
  })
  expect(checked.body).not.toHaveProperty('receipt')
  const back = await world.own('POST', rollback)
  expect(back).toMatchObject({
    status: 201,
    body: { version: '1.0', replaced: idOf(second), receipt: { confirmed: true } },
  })
  expect(await world.own('POST', rollback)).toMatchObject({ status: 409, body: { code: 'conflict' } })
  expect(await world.own('POST', rollback, { version: '1.0' })).toMatchObject({ status: 400 })

  await world.own('DELETE', `${ACME}/deployments/${idOf(back)}`)
  const redeployed = await world.own('POST', `${ACME}/deployments/${idOf(back)}/redeploy`)
  expect(redeployed).toMatchObject({
    status: 201,
    body: { version: '1.0', replaced: null, receipt: { confirmed: true } },
  })
  expect(await world.own('POST', `${promote}?wait=61`, { environment: 'prod' })).toMatchObject({
    status: 400,
  })

  const list = async (query: string): Promise<unknown> =>
    (await world.own('GET', `${ACME}/deployments?environment=test${query}`)).body['items']
  expect(await list('')).toMatchObject([{ id: idOf(redeployed), endedAt: null, replacedBy: null }])
  expect(await list('&state=live')).toHaveLength(1)
  expect(await list('&state=all')).toHaveLength(4)
  expect(await list('&state=ended')).toHaveLength(3)
  expect((await world.own('GET', `${ACME}/deployments?state=dead`)).status).toBe(400)
  expect(await world.own('GET', `${ACME}/deployments/${idOf(first)}`)).toMatchObject({
    status: 200,
    body: { version: '1.0', endedAt: '2026-01-01T00:00:00.000Z', replacedBy: idOf(second) },
  })
  expect((await world.own('GET', `${ACME}/deployments/dep_0`)).status).toBe(404)
})

test('says how each deployment went live, also after its pipeline is removed', async () => {
  await using world = await openProbed()
  await save(world, 'orders')
  await world.own('POST', `${ACME}/pipelines/orders/versions`, { spec: spec() })
  const first = await deploy(world, 'orders', '1.0')
  expect(first.body).toMatchObject({ origin: 'deploy', from: null, pipelineRemovedAt: null })
  const second = await deploy(world, 'orders', '1.1')
  const promote = `${ACME}/deployments/${idOf(second)}/promote`
  const promoted = await world.own('POST', promote, { environment: 'prod' })
  const from = { deploymentId: idOf(second), environment: 'test' }
  expect(promoted.body).toMatchObject({ origin: 'promote', from, pipelineRemovedAt: null })
  const back = await world.own('POST', `${ACME}/deployments/${idOf(second)}/rollback`)
  expect(back.body).toMatchObject({
    origin: 'rollback',
    from: { deploymentId: idOf(first), environment: 'test' },
  })
  for (const made of [promoted, back]) await world.own('DELETE', `${ACME}/deployments/${idOf(made)}`)
  expect(await world.own('DELETE', `${ACME}/pipelines/orders`)).toMatchObject({ status: 200 })
  const { probe: before } = (await world.own('GET', `${ACME}/deployments/${idOf(promoted)}`)).body
  expect(before).toMatchObject({ alarm: false })
  await save(world, 'orders')
  const path = `${ACME}/deployments?state=all&pipeline=orders&environment=prod`
  expect((await world.own('GET', path)).body['items']).toMatchObject([
    {
      id: idOf(promoted),
      pipeline: 'orders',
      version: '1.1',
      origin: 'promote',
      from,
      createdBy: promoted.body['createdBy'],
      endedAt: '2026-01-01T00:00:00.000Z',
      pipelineRemovedAt: '2026-01-01T00:00:00.000Z',
    },
  ])
  const redeploy = `${ACME}/deployments/${idOf(promoted)}/redeploy`
  expect(await world.own('POST', redeploy)).toMatchObject({ status: 409, body: { code: 'conflict' } })
})

test('a rollback with a repeated Idempotency-Key runs once', async () => {
  await using world = await openProbed()
  await save(world, 'orders')
  await world.own('POST', `${ACME}/pipelines/orders/versions`, { spec: spec() })
  await deploy(world, 'orders', '1.0')
  const rollback = `${ACME}/deployments/${idOf(await deploy(world, 'orders', '1.1'))}/rollback`
  const once = { 'idempotency-key': 'back' }
  const first = await world.own('POST', rollback, {}, once)
  expect(first).toMatchObject({ status: 201, body: { version: '1.0', probe: { alarm: false } } })
  expect(await world.own('POST', rollback, {}, once)).toMatchObject({ status: 201, body: first.body })
  expect((await world.own('GET', `${ACME}/deployments?state=all`)).body['items']).toHaveLength(3)
})

describe('after a deployment', () => {
  test('the response and later reads contain the probe results', async () => {
    await using world = await openProbed()
    const asking = { path: '/orders/:id', routes: ['/files/*'], methods: ['GET', 'POST'] }
    await save(world, 'orders', { ...asking, authentication: { apiKey: true } })
    await save(world, 'open', { path: '/open', methods: ['GET'], authentication: {} })
    const made = await deploy(world, 'orders')
    const refused = { outcome: 'credential_missing', alarm: false }
    expect(made.body['probe']).toEqual({
      checkedAt: '2026-01-01T00:00:00.000Z',
      alarm: false,
      results: [
        { method: 'GET', route: '/orders/:id', ...refused },
        { method: 'POST', route: '/orders/:id', ...refused },
        { method: 'GET', route: '/files/*', ...refused },
        { method: 'POST', route: '/files/*', ...refused },
      ],
    })
    const read = await world.own('GET', `${ACME}/deployments/${idOf(made)}`)
    expect(read.body['probe']).toEqual(made.body['probe'])
    expect((await deploy(world, 'open')).body).toMatchObject({
      warnings: [{ rule: 'open-to-everyone' }],
      probe: { alarm: false, results: [{ route: '/open', outcome: 'allow', alarm: false }] },
    })
  })

  test('another deployment that admits an anonymous caller at a protected route raises an alarm', async () => {
    await using world = await openProbed()
    await save(world, 'open', { path: '/files/:name', methods: ['GET'], authentication: {} })
    await save(world, 'files', { path: '/files/*', methods: ['GET', 'PUT'] })
    await deploy(world, 'open')
    const made = await deploy(world, 'files')
    expect(made).toMatchObject({
      status: 201,
      body: {
        probe: {
          alarm: true,
          results: [
            { method: 'GET', outcome: 'allow', alarm: true },
            { method: 'PUT', outcome: 'credential_missing', alarm: false },
          ],
        },
      },
    })
    const events = Object.values((await world.own('GET', `${ACME}/audit-events`)).body['items'] ?? {})
    expect(events.filter((event) => textOf(event['action']) === 'deployments.alarm')).toMatchObject([
      { target: `deployment/${idOf(made)}`, after: { pipeline: 'files', routes: ['GET /files/*'] } },
    ])
  })

  test('a failed probe keeps the deployment and is logged', async () => {
    await using world = await openAcme({
      prober: { probe: async () => await Promise.reject(new Error('the snapshot is older')) },
    })
    await save(world, 'orders')
    const made = await deploy(world, 'orders')
    expect(made).toMatchObject({ status: 201, body: { probe: null } })
    expect((await world.own('GET', `${ACME}/deployments`)).body['items']).toHaveLength(1)
    expect((await world.own('GET', `${ACME}/deployments/${idOf(made)}`)).body['probe']).toBeNull()
    expect(world.log()).toContain('the snapshot is older')
  })
})
