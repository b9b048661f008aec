import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lackingGrants } from './included-grants.ts'
import {
  BUILT_IN_ROLES,
  type Grant,
  narrowToEnvironment,
  PERMISSIONS,
  permits,
  type Permission,
  type Target,
} from './permissions.ts'

interface PermissionVectors {
  readonly permits: readonly {
    name: string
    grants: readonly Grant[]
    permission: Permission
    target: Target
    expected: boolean
  }[]
  readonly covers: readonly {
    name: string
    held: readonly Grant[]
    wanted: readonly Grant[]
    expected: boolean
  }[]
  readonly narrow: readonly {
    name: string
    grants: readonly Grant[]
    environment: string
    expected: readonly Grant[]
  }[]
}

const vectors = JSON.parse(
  readFileSync(new URL('../../../../vectors/permissions.json', import.meta.url), 'utf8'),
) as PermissionVectors

/** Whether `held` permits everything that `wanted` permits. */
function covers(held: readonly Grant[], wanted: readonly Grant[]): boolean {
  return lackingGrants(held, wanted).length === 0
}

describe('permissions, by vectors/permissions.json', () => {
  test.each(vectors.permits)('permits: $name', ({ grants, permission, target, expected }) => {
    expect(permits(grants, permission, target)).toBe(expected)
  })
  test.each(vectors.covers)('covers: $name', ({ held, wanted, expected }) => {
    expect(covers(held, wanted)).toBe(expected)
  })
  test.each(vectors.narrow)('narrowToEnvironment: $name', ({ grants, environment, expected }) => {
    expect(narrowToEnvironment(grants, environment)).toEqual(expected)
  })
})

const permission = fc.constantFrom<Permission>('pipelines.invoke', 'keys.read')
const scopes = {
  environment: fc.constantFrom('test', 'prod'),
  project: fc.constantFrom('sales', 'billing'),
  pipeline: fc.constantFrom('orders', 'invoices'),
}
const grant: fc.Arbitrary<Grant> = fc.record({ permission, ...scopes }, { requiredKeys: ['permission'] })
const grants = fc.array(grant, { maxLength: 4 })
const target: fc.Arbitrary<Target> = fc.record(scopes, { requiredKeys: [] })

describe('grants', () => {
  test('cover a grant that is narrower than one of them', () => {
    fc.assert(
      fc.property(fc.array(grant, { minLength: 1, maxLength: 4 }), fc.nat(), target, (held, pick, scope) => {
        const chosen = held[pick % held.length]
        expect(covers(held, chosen === undefined ? [] : [{ ...scope, ...chosen }])).toBe(true)
      }),
    )
  })

  test('cover only grants that permit nothing beyond them', () => {
    let applied = 0
    fc.assert(
      fc.property(grants, grant, target, (held, wanted, what) => {
        if (!covers(held, [wanted]) || !permits([wanted], wanted.permission, what)) return
        applied += 1
        expect(permits(held, wanted.permission, what)).toBe(true)
      }),
      { numRuns: 5000 },
    )
    expect(applied).toBeGreaterThan(20)
  })

  test('narrowed to an environment permit the same there and nothing elsewhere', () => {
    fc.assert(
      fc.property(grants, permission, target, (held, action, what) => {
        const narrowed = narrowToEnvironment(held, 'prod')
        const inProd = { ...what, environment: 'prod' }
        expect(permits(narrowed, action, inProd)).toBe(permits(held, action, inProd))
        if (what.environment !== 'prod') expect(permits(narrowed, action, what)).toBe(false)
        expect(covers(held, narrowed)).toBe(true)
      }),
    )
  })
})

describe('built-in roles', () => {
  const may = (role: string, action: Permission) => permits(BUILT_IN_ROLES[role] ?? [], action, {})

  test('owner has every permission', () => {
    expect(PERMISSIONS.filter((each) => !may('owner', each))).toEqual([])
  })
  test.each([
    ['owner', true],
    ['admin', true],
    ['developer', true],
    ['invoker', true],
    ['key-manager', false],
    ['policy-manager', false],
    ['auditor', false],
  ])('%s may invoke pipelines: %s', (role, expected) => {
    expect(may(role, 'pipelines.invoke')).toBe(expected)
  })
  test('auditor has every read permission and no other', () => {
    expect(PERMISSIONS.filter((each) => may('auditor', each) !== each.endsWith('.read'))).toEqual([])
  })
})

test('the built-in roles have exactly these permissions', () => {
  const permissionsOf = (role: string): string[] =>
    (BUILT_IN_ROLES[role] ?? []).map((held) => {
      expect(Object.keys(held)).toEqual(['permission'])
      return held.permission
    })
  const reads = [
    'pipelines.read',
    'policies.read',
    'consumers.read',
    'keys.read',
    'external-keys.read',
    'roles.read',
    'members.read',
    'secrets.read',
    'variables.read',
    'signing-keys.read',
    'webhooks.read',
    'audit.read',
    'usage.read',
    'gateways.read',
    'organization.read',
  ]
  const changes = [
    'pipelines.write',
    'pipelines.deploy',
    'pipelines.invoke',
    'policies.write',
    'consumers.write',
    'consumers.open-portal',
    'keys.create',
    'keys.write',
    'keys.roll',
    'keys.roll-self',
    'keys.delete',
    'keys.verify',
    'external-keys.write',
    'roles.write',
    'members.write',
    'secrets.write',
    'variables.write',
    'signing-keys.write',
    'webhooks.write',
  ]
  const expected: Readonly<Record<string, readonly string[]>> = {
    owner: [...reads, ...changes, 'organization.write'],
    admin: [...reads, ...changes],
    developer: [
      'pipelines.read',
      'pipelines.write',
      'pipelines.deploy',
      'pipelines.invoke',
      'policies.read',
      'consumers.read',
      'keys.read',
      'secrets.read',
      'secrets.write',
      'variables.read',
      'variables.write',
      'usage.read',
      'organization.read',
    ],
    'key-manager': [
      'keys.read',
      'keys.create',
      'keys.write',
      'keys.roll',
      'keys.delete',
      'keys.verify',
      'consumers.read',
      'consumers.write',
      'consumers.open-portal',
      'external-keys.read',
      'external-keys.write',
      'pipelines.read',
      'usage.read',
      'organization.read',
    ],
    'policy-manager': [
      'policies.read',
      'policies.write',
      'pipelines.read',
      'audit.read',
      'organization.read',
    ],
    auditor: reads,
    invoker: ['pipelines.invoke'],
  }
  expect(Object.keys(BUILT_IN_ROLES)).toEqual(Object.keys(expected))
  for (const [role, permissions] of Object.entries(expected)) {
    expect([role, permissionsOf(role).toSorted()]).toEqual([role, permissions.toSorted()])
  }
})
