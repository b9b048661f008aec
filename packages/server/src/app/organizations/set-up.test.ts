import { expect, test } from 'vitest'
import { createOrganization } from './create-organization.ts'
import { getOrganization } from './get-organization.ts'
import { getPolicy } from '../policies/get-policy.ts'
import { listEnvironments } from '../environments/list-environments.ts'
import { listKeys } from '../keys/list-keys.ts'
import { listOrganizations } from './list-organizations.ts'
import { listProjects } from '../projects/list-projects.ts'
import { renameOrganization } from './rename-organization.ts'
import { setUp } from './set-up.ts'
import { codeOf, openEmptyWorld, openWorld, problemOf } from '../testing/world.ts'

const organization = 'acme'
const limit = 50

test('An organization starts with two environments, a project, a public key and its owner', async () => {
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

test('Set-up works once, whatever it is asked for', async () => {
  await using world = await openWorld()
  for (const slug of ['acme', 'other', 'not a slug']) {
    expect(await codeOf(setUp(world.anonymous, { organization: { slug, name: 'X' } }))).toBe('already_set_up')
  }
})

test('Of set-ups that happen at once exactly one succeeds', async () => {
  await using world = await openEmptyWorld()
  const slugs = ['one', 'two', 'three']
  const results = await Promise.allSettled(
    slugs.map((slug) => setUp(world.anonymous, { organization: { slug, name: slug } })),
  )
  expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected', 'rejected'])
  expect((await world.store.read.organizations.list({ limit })).items).toHaveLength(1)
})

test('Only an owner of the first organization makes others', async () => {
  await using world = await openWorld()
  const input = { slug: 'third', name: 'Third' }
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

test('A slug is a slug and none of those that are taken', async () => {
  await using world = await openWorld()
  for (const slug of [
    'a',
    'Acme',
    '1st',
    '-a',
    'a_b',
    'a'.repeat(40),
    '',
    'authz',
    'v1',
    'metrics',
    '../x',
  ]) {
    const problem = await problemOf(createOrganization(world.owner, { slug, name: 'X' }))
    expect(problem.extensions).toMatchObject({ errors: [{ path: '/slug' }] })
  }
  await createOrganization(world.owner, { slug: 'a'.repeat(39), name: 'X' })
  await createOrganization(world.owner, { slug: 'v2', name: 'X' })
})

test('The first organization sees all, another one itself alone', async () => {
  await using world = await openWorld()
  const slugs = async (context: typeof world.owner): Promise<string[]> =>
    (await listOrganizations(context, { limit })).items.map(({ slug }) => slug)
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

test('A name changes by an owner of that very organization', async () => {
  await using world = await openWorld()
  const { organization: renamed, revision } = await renameOrganization(world.owner, {
    organization,
    name: 'Acme Ltd',
  })
  expect(renamed.name).toBe('Acme Ltd')
  expect(revision).toBeGreaterThan(0)
  expect(await codeOf(renameOrganization(world.owner, { organization: 'rival', name: 'X' }))).toBe(
    'not_found',
  )
  for (const name of ['', ' padded', 'line\nbreak', 'x'.repeat(129), '\u202eevil']) {
    expect(await codeOf(renameOrganization(world.owner, { organization, name }))).toBe('invalid_request')
  }
})
