import { expect, test } from 'vitest'
import { createPipeline } from './create-pipeline.ts'
import { createProject } from '../projects/create-project.ts'
import { createVersion } from './create-version.ts'
import { deploy } from '../deployments/deploy.ts'
import { describeProject } from '../projects/describe-project.ts'
import { removePipeline } from './remove-pipeline.ts'
import { removeProject } from '../projects/remove-project.ts'
import { codeOf, draft, openWorld, pipeline, problemOf } from '../testing/world.ts'
import { description, resourceName, version } from '../testing/fields.ts'
import { SPEC_BYTES_MAX } from './versions.ts'
import { getPipeline, listPipelines, listVersions } from './reading.ts'

const organization = 'acme'
const limit = 50

test('a pipeline starts at 1.0, and every save creates a version', async () => {
  await using world = await openWorld()
  const source = { trigger: { kind: 'rest' } }
  const made = await createPipeline(world.owner, {
    organization,
    name: resourceName('orders'),
    source,
    draft: draft(),
  })
  expect(made.version).toMatchObject({ major: 1, minor: 0, source, createdBy: world.owner.actor.id })
  expect(made.version.spec.trigger.paths).toEqual(['/v1/orders'])
  const save = { organization, pipeline: 'orders', source, draft: draft({ routes: ['/o'] }) } as const
  const minor = await createVersion(world.owner, { ...save, bump: 'minor' })
  const major = await createVersion(world.owner, { ...save, bump: 'major' })
  expect([minor, major].map((row) => [row.major, row.minor, ...row.spec.trigger.paths])).toEqual([
    [1, 1, '/v1/orders', '/o'],
    [2, 0, '/v2/orders', '/o'],
  ])
  expect((await getPipeline(world.owner, { organization, pipeline: 'orders' })).version).toEqual(major)
  const versions = await listVersions(world.owner, { organization, pipeline: 'orders', limit })
  expect(versions.items).toHaveLength(3)
})

test('concurrent saves get different version numbers', async () => {
  await using world = await openWorld()
  await pipeline(world.owner, 'orders')
  const save = { organization, pipeline: 'orders', source: {}, draft: draft(), bump: 'minor' } as const
  const saved = await Promise.all([1, 2, 3].map(() => createVersion(world.owner, save)))
  expect(saved.map(({ minor }) => minor).toSorted((left, right) => left - right)).toEqual([1, 2, 3])
})

test('rejects a taken name, an unknown project and a spec that is too large', async () => {
  await using world = await openWorld()
  await pipeline(world.owner, 'orders')
  expect(await codeOf(pipeline(world.owner, 'orders'))).toBe('conflict')
  const unknown = await problemOf(pipeline(world.owner, 'x', draft(), 'nowhere'))
  expect(unknown.extensions).toMatchObject({ errors: [{ path: '/project' }] })
  const large = {
    organization,
    name: resourceName('large'),
    source: 'x'.repeat(SPEC_BYTES_MAX - 2),
    draft: draft(),
  }
  await createPipeline(world.owner, large)
  const larger = { ...large, name: resourceName('larger'), source: `${large.source}x` }
  expect(await codeOf(createPipeline(world.owner, larger))).toBe('invalid_request')
})

test('refuses to remove a deployed pipeline and a project with pipelines', async () => {
  await using world = await openWorld()
  const input = {
    organization,
    name: resourceName('shop'),
    description: description('Everything we sell'),
  }
  expect(await createProject(world.owner, input)).toMatchObject(input)
  expect(await codeOf(createProject(world.owner, input))).toBe('conflict')
  const described = await describeProject(world.owner, { organization, project: 'shop', description: null })
  expect(described.project.description).toBeNull()
  await pipeline(world.owner, 'orders', draft(), 'shop')
  const there = {
    organization,
    pipeline: 'orders',
    version: version('1.0'),
    environment: 'test',
    dryRun: false,
  }
  await deploy(world.owner, there)
  expect(await codeOf(removeProject(world.owner, { organization, project: 'shop' }))).toBe('conflict')
  expect(await codeOf(removePipeline(world.owner, { organization, pipeline: 'orders' }))).toBe('conflict')
  expect(await codeOf(removeProject(world.owner, { organization, project: 'default' }))).toBe('conflict')
})

test('responds 404 without the read permission, and names the missing permission otherwise', async () => {
  await using world = await openWorld()
  await pipeline(world.owner, 'orders')
  const input = { organization, pipeline: 'orders' }
  expect(await codeOf(removePipeline(await world.withRoles(['invoker']), input))).toBe('not_found')
  const refused = await problemOf(removePipeline(await world.withRoles(['auditor']), input))
  expect([refused.code, refused.extensions]).toEqual([
    'permission_missing',
    { permission: 'pipelines.write' },
  ])
  expect(await codeOf(getPipeline(world.rival, input))).toBe('not_found')
  expect(await codeOf(listPipelines(world.rival, { organization, limit }))).toBe('not_found')
  const invoker = await world.withRoles(['invoker'])
  expect(await codeOf(listPipelines(invoker, { organization, limit }))).toBe('permission_missing')
})
