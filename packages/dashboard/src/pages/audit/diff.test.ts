import { expect, test } from 'vitest'
import { chainOf } from './chain.ts'
import { diffOf } from './diff.ts'

test('only what differs is shown, also deep inside', () => {
  const before = { name: 'a', roles: ['x'], policy: { mode: 'any', version: 1 } }
  const after = { name: 'a', roles: ['x', 'y'], policy: { mode: 'api-key', version: 1 } }
  expect(diffOf(before, after)).toEqual([
    { path: 'roles', before: '["x"]', after: '["x","y"]' },
    { path: 'policy.mode', before: 'any', after: 'api-key' },
  ])
})

test('what was made or deleted is shown whole', () => {
  expect(diffOf(null, { id: 'key_1', expiresAt: null })).toEqual([
    { path: 'id', before: undefined, after: 'key_1' },
    { path: 'expiresAt', before: undefined, after: 'null' },
  ])
  expect(diffOf({ id: 'key_1' }, null)).toEqual([{ path: 'id', before: 'key_1', after: undefined }])
  expect(diffOf(null, null)).toEqual([])
})

test('a value that becomes null differs from one that is gone', () => {
  expect(diffOf({ label: 'ERP' }, { label: null })).toEqual([{ path: 'label', before: 'ERP', after: 'null' }])
  expect(diffOf({ label: 'ERP' }, {})).toEqual([{ path: 'label', before: 'ERP', after: undefined }])
})

const EVENTS = [
  { sequence: 3, hash: 'c', previousHash: 'b' },
  { sequence: 2, hash: 'b', previousHash: 'a' },
  { sequence: 1, hash: 'a', previousHash: '0' },
] as const

test('a chain is whole as long as each event has the hash of the one before', () => {
  expect(chainOf(EVENTS)).toEqual({ first: 1, last: 3, brokenAt: null })
  expect(chainOf([])).toBeNull()
})

test('an altered or a missing event breaks the chain', () => {
  const [third, second, first] = EVENTS
  expect(chainOf([third, { ...second, hash: 'x' }, first])?.brokenAt).toBe(3)
  expect(chainOf([third, first])?.brokenAt).toBe(3)
})
