import { expect, test } from 'vitest'
import { deploy } from '../deployments/deploy.ts'
import { setPolicy } from './set-policy.ts'
import { codeOf, draft, OPEN, openWorld, pipeline, problemOf } from '../testing/world.ts'
import { version } from '../testing/fields.ts'
import { getConformity, getPolicy } from './reading.ts'

const organization = 'acme'
const input = { organization, environment: 'test', mode: 'jwt', dryRun: false } as const

test('every save creates a version, even with the same mode', async () => {
  await using world = await openWorld()
  await setPolicy(world.owner, input)
  expect((await setPolicy(world.owner, input)).policy).toMatchObject({ mode: 'jwt', version: 3 })
  expect((await getPolicy(world.owner, { ...input, environment: 'prod' })).policy.version).toBe(1)
})

test('conformity lists each live deployment with its violations', async () => {
  await using world = await openWorld()
  const schedule = draft({ ...OPEN, kind: 'schedule', schedule: '0 0 * * *' })
  await pipeline(world.owner, 'open', draft(OPEN))
  await pipeline(world.owner, 'nightly', schedule)
  for (const name of ['open', 'nightly']) {
    await deploy(world.owner, { ...input, pipeline: name, version: version('1.0') })
  }
  await setPolicy(world.owner, input)
  const { items } = await getConformity(world.owner, { ...input, limit: 50 })
  expect(items.toSorted((left, right) => left.pipeline.localeCompare(right.pipeline))).toMatchObject([
    { pipeline: 'nightly', conforming: true, violations: [] },
    { pipeline: 'open', version: '1.0', conforming: false, violations: [{ rule: 'jwt-required' }] },
  ])
})

test('distinguishes the permissions to read and to write policies', async () => {
  await using world = await openWorld()
  const auditor = await world.withRoles(['auditor'])
  await getPolicy(auditor, input)
  expect((await problemOf(setPolicy(auditor, input))).extensions).toEqual({ permission: 'policies.write' })
  for (const dryRun of [true, false]) {
    expect(await codeOf(setPolicy(await world.withRoles(['invoker']), { ...input, dryRun }))).toBe(
      'not_found',
    )
  }
  const bound = await world.withRoles(['policy-manager'], 'test')
  await setPolicy(bound, input)
  expect(await codeOf(setPolicy(bound, { ...input, environment: 'prod' }))).toBe('not_found')
  expect(await codeOf(getConformity(world.owner, { ...input, environment: 'nowhere', limit: 50 }))).toBe(
    'not_found',
  )
})
