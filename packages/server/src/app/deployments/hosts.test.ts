import type { SpecDraft } from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import { createVersion } from '../pipelines/create-version.ts'
import { member } from '../testing/member.ts'
import { version } from '../testing/fields.ts'
import { draft, OPEN, openWorld, pipeline, problemOf, type World } from '../testing/world.ts'
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

describe('An open pipeline at a host that answers requests for guarded routes of any host', () => {
  const OPEN_AT = (path: string, ...hosts: string[]): SpecDraft =>
    draft({ path, ...OPEN, ...(hosts.length > 0 && { hosts }) })
  const hiding = async (world: World, name: string): Promise<(readonly [string, string])[]> =>
    (await put(world, name)).warnings
      .filter(({ rule }) => rule.startsWith('guarded-route'))
      .map(({ rule, detail }) => [rule, detail])

  test('is found at its deployment, and at that of the guarded one', async () => {
    await using world = await openWorld()
    await pipeline(world.owner, 'admin', draft({ path: '/users/admin' }))
    await pipeline(world.owner, 'users', OPEN_AT('/users/**', 'unserved.example', HOST))
    await put(world, 'admin')
    expect(await hiding(world, 'users')).toEqual([
      [
        'guarded-route-hidden',
        `At ${HOST}, this version answers requests for routes of admin 1.0, and does not require the credentials or addresses that those require. Require the same, or narrow the paths.`,
      ],
    ])
    expect(await hiding(world, 'admin')).toEqual([
      [
        'guarded-route-lost',
        `At ${HOST}, requests for routes of this version are answered by users 1.0, without the credentials or addresses that this version requires. Require the same there, or list these hosts in this trigger too.`,
      ],
    ])
  })

  test('is found with a pattern of hosts, and a wider pattern, but not without its path, method, host or less', async () => {
    await using world = await openWorld()
    await pipeline(world.owner, 'admin', draft({ path: '/users/admin', methods: ['GET'] }))
    await pipeline(world.owner, 'wide', draft({ path: '/wide', hosts: ['*.acme-test.example'] }))
    await put(world, 'admin')
    await put(world, 'wide')
    const cases: Readonly<Record<string, readonly [SpecDraft, readonly string[]]>> = {
      pattern: [OPEN_AT('/:a/admin', '*.acme-test.example'), ['admin 1.0']],
      narrow: [OPEN_AT('/wide', HOST), ['wide 1.0']],
      head: [
        draft({ path: '/users/admin', ...OPEN, hosts: ['head.acme-test.example'], methods: ['HEAD'] }),
        ['admin 1.0'],
      ],
      post: [
        draft({ path: '/users/admin', ...OPEN, hosts: ['post.acme-test.example'], methods: ['POST'] }),
        [],
      ],
      beside: [OPEN_AT('/users/adm', 'a.acme-test.example'), []],
      anywhere: [OPEN_AT('/users/*'), []],
      guarded: [draft({ path: '/users/*', hosts: ['b.acme-test.example'] }), []],
    }
    for (const [name, [spec, found]] of Object.entries(cases)) {
      await pipeline(world.owner, name, spec)
      const details = (await hiding(world, name)).map(([, detail]) => detail)
      expect([name, details]).toEqual([
        name,
        found.map((each) => expect.stringContaining(`for routes of ${each},`) as string),
      ])
    }
  })

  test('is not named to those who may not see it', async () => {
    await using world = await openWorld()
    await pipeline(world.owner, 'admin', draft({ path: '/users/admin' }))
    await pipeline(world.owner, 'users', OPEN_AT('/users/**', HOST))
    await put(world, 'admin')
    const actor = member({
      acme: (['pipelines.read', 'pipelines.deploy'] as const).map((permission) => ({
        permission,
        pipeline: 'users',
      })),
    })
    const { warnings } = await put({ ...world, owner: { ...world.owner, actor } }, 'users')
    expect(warnings.map(({ rule }) => rule)).toContain('guarded-route-hidden')
    expect(JSON.stringify(warnings)).toContain('a deployment that you may not see')
    expect(JSON.stringify(warnings)).not.toContain('admin 1.0')
  })
})
