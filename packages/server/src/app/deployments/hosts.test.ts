import type { SpecDraft } from '@sallyport/core'
import { expect, test } from 'vitest'
import { createVersion } from '../pipelines/create-version.ts'
import { version } from '../testing/fields.ts'
import { draft, openWorld, pipeline, problemOf, type World } from '../testing/world.ts'
import { deploy } from './deploy.ts'
import type { Deployed } from './go-live.ts'
import { promote } from './promote.ts'

const organization = 'acme'
const HOST = 'orders.acme-test.example'

const at = (...hosts: string[]): SpecDraft => draft({ path: '/a', hosts })

function put({ owner }: World, name: string, number = '1.0'): Promise<Deployed> {
  const input = { organization, environment: 'test', dryRun: false }
  return deploy(owner, { ...input, pipeline: name, version: version(number) })
}

const violationsOf = async (refused: Promise<unknown>): Promise<string[]> => {
  const { extensions } = await problemOf(refused)
  return (extensions['violations'] as { readonly rule: string }[]).map(({ rule }) => rule)
}

test('a version with hosts goes live where one of them is served, and is promoted only to such environments', async () => {
  await using world = await openWorld()
  await pipeline(world.owner, 'orders', at('orders.acme-prod.example', HOST))
  const { deployment, warnings } = await put(world, 'orders')
  expect(warnings.map(({ rule, path }) => [rule, path])).toEqual([
    ['host-without-effect', '/trigger/hosts/0'],
  ])
  const promoted = promote(world.owner, {
    organization,
    deployment: deployment.id ?? '',
    environment: 'prod',
    dryRun: false,
  })
  expect(await violationsOf(promoted)).toEqual(['host-not-served'])
})

test('the same path is served once at each host, also by two major versions', async () => {
  await using world = await openWorld()
  await pipeline(world.owner, 'orders', at(HOST))
  const save = { organization, pipeline: 'orders', source: {}, bump: 'major' } as const
  await createVersion(world.owner, { ...save, draft: at(HOST, 'b.acme-test.example') })
  await createVersion(world.owner, { ...save, draft: at('c.acme-test.example') })
  await pipeline(world.owner, 'other', at('b.acme-test.example'))
  await pipeline(world.owner, 'any', draft({ path: '/a' }))
  await pipeline(world.owner, 'pattern', at('*.acme-test.example'))
  await put(world, 'orders', '1.0')
  expect(await violationsOf(put(world, 'orders', '2.0'))).toEqual(['route-conflict'])
  await put(world, 'orders', '3.0')
  for (const name of ['other', 'any', 'pattern']) await put(world, name)
  expect(await violationsOf(put(world, 'orders', '2.0'))).toEqual(['route-conflict', 'route-conflict'])
  // The same version again replaces itself.
  expect((await put(world, 'orders', '3.0')).replaced).not.toBeNull()
})

test('each path counts once for each host among the routes of the quota', async () => {
  await using world = await openWorld()
  const routes = async (): Promise<number> =>
    (await world.store.read.organizations.quotaUsage(organization)).routes
  await pipeline(world.owner, 'orders', draft({ path: '/a', routes: ['/b'], hosts: [HOST, 'b.example'] }))
  const before = await routes()
  await put(world, 'orders')
  expect((await routes()) - before).toBe(4)
  world.quotas.routes = before + 4
  const save = { organization, pipeline: 'orders', source: {}, bump: 'minor' } as const
  await createVersion(world.owner, { ...save, draft: at(HOST, 'b.example') })
  await put(world, 'orders', '1.1')
  expect((await routes()) - before).toBe(2)
  await createVersion(world.owner, {
    ...save,
    draft: at(HOST, 'b.example', 'c.example', 'd.example', 'e.example'),
  })
  expect((await problemOf(put(world, 'orders', '1.2'))).code).toBe('quota_exceeded')
})
