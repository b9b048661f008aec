import { expect, test } from 'vitest'
import { createVersion } from '../pipelines/create-version.ts'
import { version } from '../testing/fields.ts'
import { draft, openWorld, pipeline, problemOf } from '../testing/world.ts'
import { deploy } from './deploy.ts'
import { undeploy } from './undeploy.ts'

const organization = 'acme'

test('an environment has at most 10,000 live deployments; one more replaces another or is refused', async () => {
  await using world = await openWorld()
  await pipeline(world.owner, 'orders')
  const save = { organization, pipeline: 'orders', source: {}, draft: draft() }
  await createVersion(world.owner, { ...save, bump: 'minor' })
  await createVersion(world.owner, { ...save, bump: 'major' })
  const input = { organization, pipeline: 'orders', environment: 'test', dryRun: false }
  const first = await deploy(world.owner, { ...input, version: version('1.0') })
  const { deployment } = first
  const fill = async (from: number, to: number): Promise<void> => {
    await world.store.write(async (tx) => {
      for (let major = from; major < to; major += 1) {
        const trigger = { ...deployment.spec.trigger, paths: [`/filled/${major}`] }
        const row = { ...deployment, id: `dep_${major}`, major, spec: { ...deployment.spec, trigger } }
        await tx.pipelines.insertVersion({ ...row, source: {}, comment: null })
        await tx.deployments.insert(row)
      }
      const entry = { organization, atMs: 0, actor: 'test', action: 'fill', target: 'environment/test' }
      tx.audit({ ...entry, before: null, after: null })
    })
  }
  // Together with `orders`, exactly 10,000; in parts, because a write has a time limit.
  for (let from = 3; from < 10_002; from += 1_000) await fill(from, Math.min(from + 1_000, 10_002))
  const refused = await problemOf(deploy(world.owner, { ...input, version: version('2.0') }))
  expect([refused.code, refused.detail]).toEqual(['conflict', expect.stringContaining('10000')])
  await deploy(world.owner, { ...input, version: version('1.1') })
  await undeploy(world.owner, { organization, deployment: 'dep_3' })
  await deploy(world.owner, { ...input, version: version('2.0') })
})
