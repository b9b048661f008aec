import { type Grant, NO_CUSTOM_ROLES, ROLES_PER_KEY_MAX } from '@sallyport/core'
import { expect, test } from 'vitest'
import { member } from '../testing/member.ts'
import { problemOf } from '../testing/problems.ts'
import type { Actor, Demand } from './actor.ts'
import { NO_BOUNDS, type CredentialBounds } from './credential-bounds.ts'
import { customRolesAmong, grantsOfKey, requireCovered, requireWithinBounds, roleErrors } from './roles.ts'

test('a key that is bound to an environment has the grants of its roles there alone', () => {
  const reader: readonly Grant[] = [
    { permission: 'keys.read' },
    { permission: 'keys.roll', environment: 'prod' },
  ]
  const custom = new Map([['reader', reader]])
  const roles = ['invoker', 'reader', 'removed']
  expect(grantsOfKey({ roles, environment: null }, custom)).toEqual([
    { permission: 'pipelines.invoke' },
    ...reader,
  ])
  expect(grantsOfKey({ roles, environment: 'test' }, custom)).toEqual([
    { permission: 'pipelines.invoke', environment: 'test' },
    { permission: 'keys.read', environment: 'test' },
  ])
})

test('only custom roles are read, all in one query', async () => {
  const queries: (readonly string[])[] = []
  const reader: Parameters<typeof customRolesAmong>[0] = {
    named: async (organizations, names) => {
      queries.push([...organizations, ...names])
      return await Promise.resolve([])
    },
  }
  const read = async (...roles: string[]) => await customRolesAmong(reader, { organization: 'acme', roles })
  expect([await read(), await read('owner', 'invoker'), queries]).toEqual([new Map(), new Map(), []])
  expect(await read('reader', 'owner', 'caller')).toEqual(new Map())
  expect(queries).toEqual([['acme', 'reader', 'caller']])
})

test('names each unknown or repeated role, and one role too many', () => {
  expect(roleErrors('/roles', ['owner', 'king', 'reader', 'owner'], new Map([['reader', []]]))).toEqual([
    {
      path: '/roles/1',
      message:
        'There is no role "king". The built-in roles are owner, admin, developer, key-manager, policy-manager, auditor, invoker. GET /roles lists custom ones too.',
    },
    { path: '/roles/3', message: 'The role "owner" is listed twice.' },
  ])
  const many = (count: number): string[] => Array.from({ length: count }, (_, index) => `role-${index}`)
  expect(roleErrors('/roles', many(ROLES_PER_KEY_MAX), NO_CUSTOM_ROLES)).toHaveLength(ROLES_PER_KEY_MAX)
  expect(roleErrors('/roles', many(ROLES_PER_KEY_MAX + 1), NO_CUSTOM_ROLES)).toEqual([
    { path: '/roles', message: `There can be at most ${ROLES_PER_KEY_MAX} roles.` },
  ])
})

/** An actor that records the checks it passes. */
function recording(actor: Actor): {
  readonly actor: Actor
  readonly nowMs: () => number
  readonly passed: readonly Demand[]
} {
  const passed: Demand[] = []
  return { actor: { ...actor, record: (demand) => void passed.push(demand) }, nowMs: () => 0, passed }
}

test('an actor gives only grants that it has, and each gift is recorded', async () => {
  const context = recording(member({ acme: [{ permission: 'pipelines.invoke', environment: 'test' }] }))
  const key = { organization: 'acme', roles: ['invoker'], environment: 'test' }
  requireCovered(recording(member({ acme: [{ permission: 'pipelines.invoke' }] })), key, NO_CUSTOM_ROLES)
  requireCovered(context, key, NO_CUSTOM_ROLES)
  const given = {
    kind: 'grants',
    organization: 'acme',
    grants: [{ permission: 'pipelines.invoke', environment: 'test' }],
  }
  expect(context.passed).toEqual([given])
  for (const more of [
    { environment: null },
    { organization: 'rival' },
    { roles: ['invoker', 'key-manager'] },
  ]) {
    const refused = await problemOf(
      (async () => await Promise.resolve(requireCovered(context, { ...key, ...more }, NO_CUSTOM_ROLES)))(),
    )
    expect(refused.code).toBe('permission_missing')
  }
  const refused = await problemOf(
    (async () =>
      await Promise.resolve(
        requireCovered(context, { ...key, roles: ['invoker', 'auditor'] }, NO_CUSTOM_ROLES),
      ))(),
  )
  expect(refused.detail).toBe(
    'The roles invoker, auditor include pipelines.read, which you do not have here. You can only give or take away permissions that you have yourself.',
  )
  expect(refused.extensions).toEqual({ permission: 'pipelines.read' })
  const refusedOne = await problemOf(
    (async () =>
      await Promise.resolve(requireCovered(context, { ...key, roles: ['auditor'] }, NO_CUSTOM_ROLES)))(),
  )
  expect(refusedOne.detail).toMatch(/^The role auditor includes pipelines\.read, /)
  expect(context.passed).toEqual([given])
})

test('an actor gives no credential of wider bounds than its own, and each gift is recorded', async () => {
  const bounds: CredentialBounds = { expiresAtMs: 9, addressRules: ['10.0.0.0/8'], rateLimits: [] }
  const context = recording(member({ acme: [] }, { bounds }))
  requireWithinBounds({ actor: member({ acme: [] }, { bounds }) }, 'keys.create', bounds)
  requireWithinBounds(context, 'keys.create', bounds)
  const given = { kind: 'bounds', permission: 'keys.create', bounds }
  expect(context.passed).toEqual([given])
  const refused = await problemOf(
    (async () => await Promise.resolve(requireWithinBounds(context, 'keys.roll', NO_BOUNDS)))(),
  )
  expect(refused.extensions).toEqual({ permission: 'keys.roll' })
  expect(refused.detail).toBe(
    'The expiry and the address rules would allow more than the key that you use, and you can only give what you have yourself. Choose narrower bounds, or use a key without these bounds.',
  )
  expect(context.passed).toEqual([given])
  const unbounded = recording(member({ acme: [] }))
  requireWithinBounds(unbounded, 'keys.create', NO_BOUNDS)
  expect(unbounded.passed).toEqual([{ ...given, bounds: NO_BOUNDS }])
})
