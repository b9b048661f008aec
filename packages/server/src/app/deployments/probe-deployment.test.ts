import { expect, test } from 'vitest'
import type { DeploymentRow } from '../../store/port/deployments.ts'
import type { ProbeResult } from '../../store/port/probes.ts'
import { deploy } from './deploy.ts'
import { probeDeployment } from './probe-deployment.ts'
import type { Prober } from './prober.ts'
import { openWorld, pipeline, type World } from '../testing/world.ts'
import { version } from '../testing/fields.ts'
import { getDeployment } from './reading.ts'

const organization = 'acme'
const asked: ProbeResult = { method: 'GET', route: '/a', outcome: 'credential_missing', alarm: false }
const letIn: ProbeResult = { method: 'POST', route: '/b/:id', outcome: 'allow', alarm: true }

async function deployed(world: World): Promise<DeploymentRow> {
  await pipeline(world.owner, 'orders')
  const input = {
    organization,
    pipeline: 'orders',
    version: version('1.0'),
    environment: 'test',
    dryRun: false,
  }
  const { deployment } = await deploy(world.owner, input)
  return { ...deployment, id: deployment.id ?? '' }
}

const finding = (...results: readonly ProbeResult[]): Prober => ({
  probe: async () => await Promise.resolve(results),
})

async function actions({ store }: World): Promise<string[]> {
  const { items } = await store.read.audit.list(organization, { limit: 200 })
  return items.map(({ action }) => action)
}

test('stores the probe results, without an audit record if there is no alarm', async () => {
  await using world = await openWorld()
  const deployment = await deployed(world)
  const before = await actions(world)
  await probeDeployment(world.owner, finding(asked), { deployment, revision: 1 })
  expect(await getDeployment(world.owner, { organization, deployment: deployment.id })).toMatchObject({
    probe: { checkedAtMs: world.clock.nowMs, alarm: false, results: [asked] },
  })
  expect(await actions(world)).toEqual(before)
})

test('raises an alarm if a protected route admits an anonymous caller, and keeps the deployment', async () => {
  await using world = await openWorld()
  const deployment = await deployed(world)
  const { id } = deployment
  expect(
    await probeDeployment(world.owner, finding(asked, letIn), { deployment, revision: 1 }),
  ).toMatchObject({ alarm: true })
  expect(await getDeployment(world.owner, { organization, deployment: id })).toMatchObject({
    deployment: { endedAtMs: null },
    probe: { alarm: true, results: [asked, letIn] },
  })
  const { items } = await world.store.read.audit.list(organization, { limit: 200 })
  expect(items.at(-1)).toMatchObject({
    action: 'deployments.alarm',
    actor: world.owner.actor.id,
    target: `deployment/${id}`,
    after: { pipeline: 'orders', environment: 'test', routes: ['POST /b/:id'] },
  })
})

test('probes a deployment only once', async () => {
  await using world = await openWorld()
  const deployment = await deployed(world)
  await probeDeployment(world.owner, finding(letIn), { deployment, revision: 1 })
  const before = await actions(world)
  const again = await probeDeployment(world.owner, finding(asked), { deployment, revision: 1 })
  expect(again.results).toEqual([letIn])
  expect(await actions(world)).toEqual(before)
})

test('stores nothing if the probe fails', async () => {
  await using world = await openWorld()
  const deployment = await deployed(world)
  const failing: Prober = { probe: async () => await Promise.reject(new Error('the snapshot is older')) }
  await expect(probeDeployment(world.owner, failing, { deployment, revision: 1 })).rejects.toThrow('older')
  expect((await getDeployment(world.owner, { organization, deployment: deployment.id })).probe).toBeNull()
})
