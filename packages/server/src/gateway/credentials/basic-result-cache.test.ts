import type { BasicCredentialRecord } from '@sallyport/core'
import { expect, test } from 'vitest'
import { BasicResultCache } from './basic-result-cache.ts'

const record: BasicCredentialRecord = {
  kind: 'basic-credential',
  organization: 'acme',
  environment: 'prod',
  id: 'bas_1',
  username: 'erp',
  consumer: 'con_1',
  passwordHash: 'hash',
}
const VALID = { kind: 'valid', consumer: 'con_1' } as const
const INVALID = { kind: 'invalid' } as const

test('A result is valid for its time and not a millisecond longer', () => {
  const cache = new BasicResultCache({ entriesMax: 2, ttlMs: 1000 })
  cache.set('a', record, VALID, 5000)
  expect(cache.find('a', record, 5999)).toBe(VALID)
  expect(cache.find('a', record, 6000)).toBeUndefined()
  expect(cache.size).toBe(0)
})

test('A result is valid only for its credential, or for its absence', () => {
  const cache = new BasicResultCache({ entriesMax: 9, ttlMs: 1000 })
  for (const other of [
    undefined,
    { ...record, id: 'bas_2' },
    { ...record, consumer: 'con_2' },
    { ...record, passwordHash: 'other' },
  ]) {
    cache.set('a', record, VALID, 0)
    expect(cache.find('a', { ...record }, 0)).toBe(VALID)
    expect(cache.find('a', other, 0)).toBeUndefined()
    // A result that is no longer valid is removed.
    expect(cache.find('a', record, 0)).toBeUndefined()
  }
  cache.set('b', undefined, INVALID, 0)
  expect(cache.find('b', undefined, 0)).toBe(INVALID)
  expect(cache.find('b', record, 0)).toBeUndefined()
})

test('A full cache evicts the least recently used result', () => {
  const cache = new BasicResultCache({ entriesMax: 2, ttlMs: 1000 })
  cache.set('a', record, VALID, 0)
  cache.set('b', record, VALID, 0)
  cache.find('a', record, 0)
  cache.set('c', record, VALID, 0)
  expect(cache.size).toBe(2)
  expect(cache.find('b', record, 0)).toBeUndefined()
  expect(cache.find('a', record, 0)).toBe(VALID)
  expect(cache.find('c', record, 0)).toBe(VALID)
})

test('A new result for the same password counts as a use, and replaces the old one', () => {
  const cache = new BasicResultCache({ entriesMax: 2, ttlMs: 1000 })
  cache.set('a', undefined, INVALID, 0)
  cache.set('b', record, VALID, 0)
  cache.set('a', record, VALID, 0)
  cache.set('c', record, VALID, 0)
  expect(cache.find('b', record, 0)).toBeUndefined()
  expect(cache.find('a', record, 0)).toBe(VALID)
})
