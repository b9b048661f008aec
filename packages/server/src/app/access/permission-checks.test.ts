import type { Grant, Permission, Target } from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import { member } from '../testing/member.ts'
import { problemOf } from '../testing/problems.ts'
import type { Actor, Demand } from './actor.ts'
import {
  isPermitted,
  permittedResource,
  requireMembership,
  requireOn,
  requirePermission,
  visibleScopes,
} from './permission-checks.ts'

/** An actor of `acme` with these grants, and the checks that it has passed. */
function acting(...grants: readonly Grant[]): { readonly actor: Actor; readonly passed: readonly Demand[] } {
  const passed: Demand[] = []
  return { actor: member({ acme: grants }, { record: (demand) => void passed.push(demand) }), passed }
}

async function refusal(check: () => unknown): Promise<unknown> {
  const { code, detail, extensions } = await problemOf((async () => await Promise.resolve(check()))())
  return { code, detail, extensions }
}

const missing = (permission: Permission): unknown => ({
  code: 'permission_missing',
  detail: `This needs the permission ${permission}. Ask an administrator of the organization for a role that includes it.`,
  extensions: { permission },
})
const notFound = (resource: string): unknown => ({
  code: 'not_found',
  detail: `There is no ${resource}. Check the name or id. A resource that you may not see gets the same answer as one that does not exist.`,
  extensions: {},
})

const prod = { environment: 'prod' }
const READS_PROD: Grant = { permission: 'keys.read', ...prod }

test('an organization looks nonexistent to everyone outside it, even with all permissions elsewhere', async () => {
  const context = acting({ permission: 'keys.read' })
  requireMembership(context, 'acme')
  requireMembership({ actor: member({ acme: [] }) }, 'acme')
  expect(await refusal(() => requireMembership(context, 'rival'))).toEqual(notFound('organization "rival"'))
  expect(await refusal(() => requirePermission(context, 'rival', 'keys.read'))).toEqual(
    notFound('organization "rival"'),
  )
  expect(isPermitted(context, 'rival', 'keys.read', {})).toBe(false)
})

/** The refusal of an actor that has the permission elsewhere. */
const elsewhere = (permission: Permission, detail: string): unknown => ({
  code: 'permission_missing',
  detail,
  extensions: { permission },
})
const ASK = 'Ask an administrator of the organization for a role that includes it'
const onlyInPart = (permission: Permission): unknown =>
  elsewhere(
    permission,
    `You have the permission ${permission} only for a part of the organization. Name a part that it covers, such as an environment. ${ASK} everywhere.`,
  )
const notFor = (permission: Permission, scope: string): unknown =>
  elsewhere(permission, `You have the permission ${permission}, but not for ${scope}. ${ASK} there.`)

test('a missing permission is named, and a scoped one counts only in its scope, which the refusal names', async () => {
  const context = acting(READS_PROD)
  requirePermission(context, 'acme', 'keys.read', prod)
  expect(
    await refusal(() => requirePermission(context, 'acme', 'keys.read', { environment: 'test' })),
  ).toEqual(notFor('keys.read', 'the environment "test"'))
  const target = { environment: 'test', project: 'default', pipeline: 'orders' }
  expect(await refusal(() => requirePermission(context, 'acme', 'keys.read', target))).toEqual(
    notFor('keys.read', 'the environment "test", the project "default", the pipeline "orders"'),
  )
  expect(await refusal(() => requirePermission(context, 'acme', 'keys.read'))).toEqual(
    onlyInPart('keys.read'),
  )
  const site = { actor: member({ acme: [] }, { isPublic: true }) }
  expect(await refusal(() => requirePermission(site, 'acme', 'keys.read'))).toEqual(
    elsewhere('keys.read', 'A public key can call GET /v1/whoami and nothing else here. Use a secret key.'),
  )
  expect(await refusal(() => requirePermission(context, 'acme', 'keys.write', prod))).toEqual(
    missing('keys.write'),
  )
})

test('records each check that the actor passed, and no other', async () => {
  requirePermission({ actor: member({ acme: [READS_PROD] }) }, 'acme', 'keys.read', prod)
  const context = acting(READS_PROD)
  requirePermission(context, 'acme', 'keys.read', prod)
  await refusal(() => requirePermission(context, 'acme', 'keys.write', prod))
  expect(context.passed).toEqual([
    { kind: 'permission', organization: 'acme', permission: 'keys.read', target: prod },
  ])
})

describe('a resource', () => {
  const resource = {
    organization: 'acme',
    name: 'key "k"',
    read: ['keys.read', 'audit.read'],
    target: prod,
  } as const

  test('is revealed by one of its read permissions, in its scope', async () => {
    const check =
      (...grants: readonly Grant[]) =>
      () =>
        requireOn(acting(...grants), 'keys.write', resource)
    check({ permission: 'keys.write', ...prod })()
    for (const grant of [READS_PROD, { permission: 'audit.read' }] as const) {
      expect(await refusal(check(grant))).toEqual(missing('keys.write'))
    }
    for (const grants of [
      [],
      [{ ...READS_PROD, environment: 'test' }],
      [{ permission: 'keys.create' }],
    ] as const) {
      expect(await refusal(check(...grants))).toEqual(notFound('key "k"'))
    }
  })

  test('is read only for members of its organization, and judged by its own scope', async () => {
    const reads: string[] = []
    const find = async (
      { actor }: { readonly actor: Actor },
      organization: string,
      row: Target | undefined,
    ): Promise<Target> =>
      await permittedResource(
        { actor },
        'keys.read',
        { organization, name: 'key "k"', read: ['keys.read'], targetOf: (found: Target) => found },
        async () => {
          reads.push(organization)
          return await Promise.resolve(row)
        },
      )
    const context = acting(READS_PROD)
    expect(await find(context, 'acme', prod)).toBe(prod)
    for (const row of [undefined, { environment: 'test' }]) {
      expect(await refusal(async () => await find(context, 'acme', row))).toEqual(notFound('key "k"'))
    }
    expect(await refusal(async () => await find(context, 'rival', prod))).toEqual(
      notFound('organization "rival"'),
    )
    expect(reads).toEqual(['acme', 'acme', 'acme'])
  })
})

describe('a list', () => {
  const scopesOf = (...scopes: readonly Target[]): unknown =>
    visibleScopes(
      acting(...scopes.map((scope) => ({ permission: 'keys.read', ...scope }) as const)),
      'acme',
      'keys.read',
      ['environment', 'project'],
    )

  test('shows everything to an actor with an unscoped grant', () => {
    expect(scopesOf({})).toBeUndefined()
    expect(scopesOf(prod, {})).toBeUndefined()
  })

  test('shows the scopes of the grants, without those that the resources do not have', () => {
    expect(scopesOf(prod, { environment: 'test', project: 'sales' })).toEqual([
      prod,
      { environment: 'test', project: 'sales' },
    ])
    expect(scopesOf(prod, { pipeline: 'orders' }, { environment: 'test', pipeline: 'orders' })).toEqual([
      prod,
    ])
  })

  test('is refused if it could never contain anything', async () => {
    const context = acting({ permission: 'keys.write' })
    expect(await refusal(() => visibleScopes(context, 'acme', 'keys.read', []))).toEqual(missing('keys.read'))
    expect(await refusal(() => scopesOf({ pipeline: 'orders' }))).toEqual(onlyInPart('keys.read'))
    expect(await refusal(() => visibleScopes(context, 'rival', 'keys.write', []))).toEqual(
      notFound('organization "rival"'),
    )
  })
})
