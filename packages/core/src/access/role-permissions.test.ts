import { describe, expect, test } from 'vitest'
import { PERMISSION_SCOPES } from './permission-scopes.ts'
import { PERMISSIONS, type Permission } from './permissions.ts'
import { parseRolePermissions, PERMISSIONS_PER_ROLE_MAX } from './role-permissions.ts'

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
