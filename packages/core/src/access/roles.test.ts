import { describe, expect, test } from 'vitest'
import type { Grant } from './permissions.ts'
import { grantsOfRoles, isBuiltInRole, isRole, NO_CUSTOM_ROLES, rolesPermit } from './roles.ts'

const READ_TEST: Grant = { permission: 'keys.read', environment: 'test' }
const CUSTOM = new Map<string, readonly Grant[]>([
  ['reader', [READ_TEST]],
  // An organization cannot turn a built-in role into another one.
  ['invoker', [{ permission: 'organization.write' }]],
])

describe('grantsOfRoles', () => {
  test('joins the grants of built-in and custom roles', () => {
    expect(grantsOfRoles(['invoker', 'reader'], CUSTOM)).toEqual([
      { permission: 'pipelines.invoke' },
      READ_TEST,
    ])
  })

  test('gives nothing for an unknown role, or for a name that every object has', () => {
    expect(grantsOfRoles(['readers', 'constructor', 'toString'], CUSTOM)).toEqual([])
    expect(grantsOfRoles(['reader'], NO_CUSTOM_ROLES)).toEqual([])
  })
})

test('isRole knows built-in roles everywhere and custom roles where they are defined', () => {
  expect(isRole('owner', NO_CUSTOM_ROLES)).toBe(true)
  expect(isRole('reader', CUSTOM)).toBe(true)
  expect(isRole('reader', NO_CUSTOM_ROLES)).toBe(false)
  expect(isRole('hasOwnProperty', CUSTOM)).toBe(false)
})

test('isBuiltInRole knows exactly the roles of every organization', () => {
  expect(['owner', 'invoker'].map(isBuiltInRole)).toEqual([true, true])
  expect(['reader', 'Owner', '', 'constructor', '__proto__'].filter(isBuiltInRole)).toEqual([])
})

describe('rolesPermit', () => {
  test('respects the scope of a custom role', () => {
    expect(rolesPermit(['reader'], CUSTOM, 'keys.read', { environment: 'test' })).toBe(true)
    expect(rolesPermit(['reader'], CUSTOM, 'keys.read', { environment: 'prod' })).toBe(false)
    expect(rolesPermit(['reader'], CUSTOM, 'keys.write', { environment: 'test' })).toBe(false)
  })

  test('is false for an unknown role, and looks at the roles after it', () => {
    expect(rolesPermit(['readers', 'constructor'], CUSTOM, 'keys.read', { environment: 'test' })).toBe(false)
    expect(rolesPermit(['readers', 'reader'], CUSTOM, 'keys.read', { environment: 'test' })).toBe(true)
  })

  test('prefers the built-in role over a custom role of the same name', () => {
    expect(rolesPermit(['invoker'], CUSTOM, 'pipelines.invoke', {})).toBe(true)
    expect(rolesPermit(['invoker'], CUSTOM, 'organization.write', {})).toBe(false)
  })
})
