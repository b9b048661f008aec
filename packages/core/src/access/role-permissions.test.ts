import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PERMISSION_SCOPES } from './permission-scopes.ts'
import { BUILT_IN_ROLES, type Grant, PERMISSIONS, permits, type Permission } from './permissions.ts'
import {
  addedGrants,
  parseRolePermissions,
  PERMISSIONS_PER_ROLE_MAX,
  widestGrants,
} from './role-permissions.ts'

type Sent = Parameters<typeof parseRolePermissions>[0][number]

/** A permission as a schema with optional members parses it. */
function sent(permission: Permission, scope: Omit<Sent, 'permission'> = {}): Sent {
  return { permission, environment: undefined, ...scope }
}

function problemsOf(list: readonly Sent[]): readonly (readonly [string, string])[] {
  const parsed = parseRolePermissions(list)
  return parsed.ok ? [] : parsed.problems.map(({ path, problem }) => [path.join('/'), problem] as const)
}

describe('the permissions of a role', () => {
  test('are returned in their order, without members that are undefined', () => {
    const orders = { pipeline: 'orders', environment: 'prod' }
    const parsed = parseRolePermissions([sent('pipelines.invoke', orders), sent('keys.read')])
    expect(parsed).toEqual({
      ok: true,
      value: [
        { permission: 'pipelines.invoke', environment: 'prod', pipeline: 'orders' },
        { permission: 'keys.read' },
      ],
    })
    expect(parsed.ok && parsed.value.map((grant) => Object.keys(grant))).toEqual([
      ['permission', 'environment', 'pipeline'],
      ['permission'],
    ])
  })

  test('are at least one and not too many', () => {
    const many = (count: number): Sent[] =>
      Array.from({ length: count }, (_, index) => sent('keys.read', { environment: `e${index}` }))
    expect(problemsOf(many(1))).toEqual([])
    expect(problemsOf(many(PERMISSIONS_PER_ROLE_MAX))).toEqual([])
    const wrong = [['', 'A role has 1 to 200 permissions.']]
    expect(problemsOf([])).toEqual(wrong)
    expect(problemsOf(many(PERMISSIONS_PER_ROLE_MAX + 1))).toEqual(wrong)
  })

  test('are each listed once, in whatever order their members come', () => {
    const problem = 'This permission is listed twice.'
    const first = sent('pipelines.read', { environment: 'prod', pipeline: 'orders' })
    const again: Sent = {
      pipeline: 'orders',
      project: undefined,
      environment: 'prod',
      permission: 'pipelines.read',
    }
    expect(problemsOf([first, sent('keys.read'), again, first])).toEqual([
      ['2', problem],
      ['3', problem],
    ])
    // The same permission in other scopes is another one, even if one includes the other.
    const scopes = [{}, { environment: 'prod' }, { environment: 'test' }, { project: 'prod' }]
    expect(problemsOf(scopes.map((scope) => sent('pipelines.read', scope)))).toEqual([])
  })

  test('have only scopes in which they permit something', () => {
    const everywhere = { environment: 'prod', project: 'shop', pipeline: 'orders' }
    expect(
      problemsOf([
        sent('audit.read', { pipeline: 'orders' }),
        sent('keys.read', everywhere),
        sent('pipelines.write', everywhere),
        sent('pipelines.invoke', everywhere),
      ]),
    ).toEqual([
      ['0/pipeline', 'audit.read applies to the whole organization and has no scope.'],
      ['1/project', 'keys.read can be limited to an environment, and to nothing else.'],
      ['1/pipeline', 'keys.read can be limited to an environment, and to nothing else.'],
      ['2/environment', 'pipelines.write can be limited to a project or a pipeline, and to nothing else.'],
    ])
  })
})

test('every permission has its scopes', () => {
  expect(Object.keys(PERMISSION_SCOPES)).toEqual([...PERMISSIONS])
})

describe('addedGrants', () => {
  const held: readonly Grant[] = [
    { permission: 'keys.read' },
    { permission: 'keys.roll', environment: 'test' },
  ]

  test('are those that permit more than before, and not those that permit less', () => {
    const same = [...held, { permission: 'keys.read', environment: 'prod' } as const]
    expect(addedGrants(held, same)).toEqual([])
    const more: readonly Grant[] = [
      { permission: 'keys.roll' },
      { permission: 'keys.roll', environment: 'prod' },
      { permission: 'keys.write' },
    ]
    expect(addedGrants(held, [...same, ...more])).toEqual(more)
    expect(addedGrants([], held)).toEqual(held)
    expect(addedGrants(held, [])).toEqual([])
  })
})

const grant: fc.Arbitrary<Grant> = fc.record(
  {
    permission: fc.constantFrom<Permission>('pipelines.invoke', 'pipelines.read'),
    environment: fc.constantFrom('test', 'prod'),
    project: fc.constantFrom('shop'),
    pipeline: fc.constantFrom('orders', 'invoices'),
  },
  { requiredKeys: ['permission'] },
)

describe('widestGrants', () => {
  test('has each permission once, without those that a wider one includes, in order', () => {
    expect(
      widestGrants([
        { permission: 'keys.roll', environment: 'test' },
        { permission: 'keys.read', environment: 'prod' },
        { permission: 'audit.read' },
        { permission: 'keys.roll', environment: 'prod' },
        { permission: 'keys.roll', environment: 'test' },
        { permission: 'keys.read' },
      ]),
    ).toEqual([
      { permission: 'audit.read' },
      { permission: 'keys.read' },
      { permission: 'keys.roll', environment: 'prod' },
      { permission: 'keys.roll', environment: 'test' },
    ])
    expect(widestGrants(BUILT_IN_ROLES['owner'] ?? [])).toHaveLength(PERMISSIONS.length)
  })

  test('permits the same as all the grants, in any order, and none of it twice', () => {
    fc.assert(
      fc.property(fc.array(grant, { maxLength: 8 }), grant, (grants, target) => {
        const widest = widestGrants(grants)
        expect(permits(widest, target.permission, target)).toBe(permits(grants, target.permission, target))
        expect(widestGrants(grants.toReversed())).toEqual(widest)
        for (const one of widest) {
          expect(
            permits(
              widest.filter((other) => other !== one),
              one.permission,
              one,
            ),
          ).toBe(false)
        }
      }),
    )
  })
})
