import { expect, test } from 'vitest'
import { createOrganization } from './create-organization.ts'
import { updateOrganization } from './update-organization.ts'
import { setUp } from './set-up.ts'
import { codeOf, openEmptyWorld, openWorld, problemOf } from '../testing/world.ts'
import { slug, title } from '../testing/fields.ts'
import { getOrganization, listOrganizations } from './reading.ts'
import { getPolicy } from '../policies/reading.ts'
import { listEnvironments } from '../environments/reading.ts'
import { listKeys } from '../keys/list-keys.ts'
import { listProjects } from '../projects/reading.ts'

const organization = 'acme'
const limit = 50

test('an organization starts with two environments, a project, a public key and an owner key', async () => {
  await using world = await openWorld()
  const environments = await listEnvironments(world.owner, { organization, limit })
  expect(environments.items.map(({ name, position }) => [name, position])).toEqual([
    ['test', 0],
    ['prod', 1],
  ])
  for (const environment of ['test', 'prod']) {
    const { policy } = await getPolicy(world.owner, { organization, environment })
    expect(policy).toMatchObject({ mode: 'any', version: 1, createdBy: 'setup' })
  }
  expect((await listProjects(world.owner, { organization, limit })).items).toMatchObject([
    { name: 'default' },
  ])
  const keys = (await listKeys(world.owner, { organization, limit })).items
  expect(keys.map(({ name, type, roles }) => ({ name, type, roles }))).toEqual(
    expect.arrayContaining([
      { name: 'Default API Key', type: 'public', roles: [] },
      { name: 'Owner', type: 'secret', roles: ['owner'] },
    ]),
  )
  expect(keys.find(({ type }) => type === 'secret')?.publicTokens).toEqual([])
  expect(keys.find(({ type }) => type === 'public')?.publicTokens).toEqual([expect.stringMatching(/^sp_pk_/)])
})

test('set-up works only once', async () => {
  await using world = await openWorld()
  for (const text of ['acme', 'other', 'authz']) {
    const input = { organization: { slug: slug(text), name: title('X') } }
    expect(await codeOf(setUp(world.anonymous, input))).toBe('already_set_up')
  }
})

test('exactly one of several concurrent set-ups succeeds', async () => {
  await using world = await openEmptyWorld()
  const slugs = ['one', 'two', 'three']
  const results = await Promise.allSettled(
    slugs.map((text) => setUp(world.anonymous, { organization: { slug: slug(text), name: title(text) } })),
  )
  expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected', 'rejected'])
  expect((await world.store.read.organizations.list({ limit })).items).toHaveLength(1)
})

test('only an owner of the first organization creates others', async () => {
  await using world = await openWorld()
  const input = { slug: slug('third'), name: title('Third') }
  expect(await codeOf(createOrganization(world.rival, input))).toBe('permission_missing')
  expect(await codeOf(createOrganization(await world.withRoles(['admin']), input))).toBe('permission_missing')
  const bound = await world.withRoles(['owner'], 'test')
  const refused = await problemOf(createOrganization(bound, input))
  expect(refused.extensions).toEqual({ permission: 'organization.write' })
  const { organization: third, token } = await createOrganization(world.owner, input)
  expect(third).toMatchObject(input)
  expect((await world.as(token)).actor.organizations).toEqual(['third'])
  expect(await codeOf(createOrganization(world.owner, input))).toBe('conflict')
})

test('rejects a slug that Sallyport itself uses', async () => {
  await using world = await openWorld()
  for (const reserved of ['authz', 'v1', 'metrics']) {
    const input = { slug: slug(reserved), name: title('X') }
    const problem = await problemOf(createOrganization(world.owner, input))
    expect(problem.extensions).toMatchObject({ errors: [{ path: '/slug' }] })
  }
  await createOrganization(world.owner, { slug: slug('v2'), name: title('X') })
})

test('the first organization lists all organizations, any other only itself', async () => {
  await using world = await openWorld()
  const slugs = async (context: typeof world.owner): Promise<string[]> =>
    (await listOrganizations(context, { limit })).items.map((row) => row.slug)
  expect(await slugs(world.owner)).toEqual(['acme', 'rival'])
  expect(await slugs(world.rival)).toEqual(['rival'])
  expect(await slugs(await world.withRoles(['auditor']))).toEqual(['acme'])
  expect(await codeOf(listOrganizations(await world.withRoles(['invoker']), { limit }))).toBe(
    'permission_missing',
  )
  expect((await getOrganization(world.owner, { organization: 'rival' })).name).toBe('Rival')
  expect(await codeOf(getOrganization(world.rival, { organization: 'acme' }))).toBe('not_found')
  expect(await codeOf(getOrganization(world.owner, { organization: 'nobody' }))).toBe('not_found')
})

test('only an owner of the organization renames it', async () => {
  await using world = await openWorld()
  const { organization: renamed, revision } = await updateOrganization(world.owner, {
    organization,
    name: title('Acme Ltd'),
  })
  expect(renamed.name).toBe('Acme Ltd')
  expect(revision).toBeGreaterThan(0)
  expect(await codeOf(updateOrganization(world.owner, { organization: 'rival', name: title('X') }))).toBe(
    'not_found',
  )
})
