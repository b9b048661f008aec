import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lackingGrants, widestGrants } from './included-grants.ts'
import { BUILT_IN_ROLES, type Grant, PERMISSIONS, permits, type Permission } from './permissions.ts'

const grant: fc.Arbitrary<Grant> = fc.record(
  {
    permission: fc.constantFrom<Permission>('pipelines.invoke', 'pipelines.read'),
    environment: fc.constantFrom('test', 'prod'),
    project: fc.constantFrom('shop'),
    pipeline: fc.constantFrom('orders', 'invoices'),
  },
  { requiredKeys: ['permission'] },
)

describe('lackingGrants', () => {
  const held: readonly Grant[] = [
    { permission: 'keys.read' },
    { permission: 'keys.roll', environment: 'test' },
  ]

  test('are those that permit more, and not those that permit the same or less', () => {
    const same = [...held, { permission: 'keys.read', environment: 'prod' } as const]
    expect(lackingGrants(held, same)).toEqual([])
    const more: readonly Grant[] = [
      { permission: 'keys.roll' },
      { permission: 'keys.roll', environment: 'prod' },
      { permission: 'keys.roll', environment: '' },
      { permission: 'keys.roll', environment: 'tes' },
      { permission: 'keys.write' },
    ]
    expect(lackingGrants(held, [...same, ...more])).toEqual(more)
    expect(lackingGrants([], held)).toEqual(held)
    expect(lackingGrants(held, [])).toEqual([])
  })

  test('are exactly those whose widest target the held ones do not permit', () => {
    fc.assert(
      fc.property(fc.array(grant, { maxLength: 5 }), fc.array(grant, { maxLength: 5 }), (some, others) => {
        expect(lackingGrants(some, others)).toEqual(
          others.filter((one) => !permits(some, one.permission, one)),
        )
      }),
    )
  })
})

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
