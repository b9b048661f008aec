import type { Grant } from '@sallyport/core'
import { expect, test } from 'vitest'
import { createOrganization } from '../organizations/create-organization.ts'
import { listOrganizations } from '../organizations/reading.ts'
import { slug as asSlug, title } from '../testing/fields.ts'
import { member } from '../testing/member.ts'
import { codeOf, openWorld, problemOf, type World } from '../testing/world.ts'
import { SETUP_ACTOR } from './actor.ts'
import type { OperationContext } from './context.ts'
import { isPermitted, requirePermission } from './permission-checks.ts'
import { whoAmI } from './who-am-i.ts'

/** A person who belongs to both organizations of the world, with other permissions in each. */
function memberOf(world: World, grants: Readonly<Record<string, readonly Grant[]>>): OperationContext {
  return { ...world.owner, actor: member(grants) }
}

const BOTH = {
  acme: [{ permission: 'keys.read' }, { permission: 'organization.read' }],
  rival: [{ permission: 'organization.read' }],
} as const

test('a permission in one organization gives nothing in another one', async () => {
  await using world = await openWorld()
  const both = memberOf(world, BOTH)
  expect(isPermitted(both, 'acme', 'keys.read', {})).toBe(true)
  expect(isPermitted(both, 'rival', 'keys.read', {})).toBe(false)
  expect(await codeOf(refusal(() => requirePermission(both, 'rival', 'keys.read')))).toBe(
    'permission_missing',
  )
  expect(await codeOf(refusal(() => requirePermission(both, 'third', 'keys.read')))).toBe('not_found')
})

test('an actor lists every organization that it belongs to and may read', async () => {
  await using world = await openWorld()
  const slugsOf = async (context: OperationContext): Promise<readonly string[]> =>
    (await listOrganizations(context, { limit: 10 })).items.map(({ slug }) => slug)
  expect(await slugsOf(memberOf(world, BOTH))).toEqual(['acme', 'rival'])
  expect(await slugsOf(memberOf(world, { ...BOTH, acme: [] }))).toEqual(['rival'])
  // A person may be in no organization, or read none.
  expect(await slugsOf(memberOf(world, { acme: [] }))).toEqual([])
})

test('an owner of the first organization creates organizations, whatever kind of actor it is', async () => {
  await using world = await openWorld()
  const owner = memberOf(world, { rival: [], acme: [{ permission: 'organization.write' }] })
  const other = memberOf(world, { rival: [{ permission: 'organization.write' }], acme: [] })
  expect(
    (await createOrganization(owner, { slug: asSlug('third'), name: title('Third') })).organization.slug,
  ).toBe('third')
  expect(await codeOf(createOrganization(other, { slug: asSlug('fourth'), name: title('Fourth') }))).toBe(
    'permission_missing',
  )
})

test('whoAmI describes the key that acts, and refuses actors without a key', async () => {
  await using world = await openWorld()
  const { organization, key, permissions } = await whoAmI(world.owner)
  expect([organization, key.name]).toEqual(['acme', 'Owner'])
  expect(permissions).toContainEqual({ permission: 'organization.write' })
  const refused = await problemOf(whoAmI(memberOf(world, BOTH)))
  expect([refused.code, refused.detail]).toEqual([
    'unauthenticated',
    'Send an API key: this describes the key of the request. GET /v1/session describes a session.',
  ])
  expect(await codeOf(whoAmI(world.anonymous))).toBe('unauthenticated')
})

test('the actor of set-up belongs to no organization', () => {
  expect(SETUP_ACTOR.grantsIn('acme')).toBeUndefined()
  expect(SETUP_ACTOR).toMatchObject({ kind: 'system', id: 'setup', organizations: [] })
})

async function refusal(check: () => void): Promise<void> {
  check()
}
