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

test('A verdict holds for its time and not a millisecond longer', () => {
  const memory = new BasicResultCache({ entriesMax: 2, ttlMs: 1000 })
  memory.set('a', record, VALID, 5000)
  expect(memory.find('a', record, 5999)).toBe(VALID)
  expect(memory.find('a', record, 6000)).toBeUndefined()
  expect(memory.size).toBe(0)
})

test('A verdict holds for its credential alone, and for none where there was none', () => {
  const memory = new BasicResultCache({ entriesMax: 9, ttlMs: 1000 })
  for (const other of [
    undefined,
    { ...record, id: 'bas_2' },
    { ...record, consumer: 'con_2' },
    { ...record, passwordHash: 'other' },
  ]) {
    memory.set('a', record, VALID, 0)
    expect(memory.find('a', { ...record }, 0)).toBe(VALID)
    expect(memory.find('a', other, 0)).toBeUndefined()
    // What no longer holds is forgotten.
    expect(memory.find('a', record, 0)).toBeUndefined()
  }
  memory.set('b', undefined, INVALID, 0)
  expect(memory.find('b', undefined, 0)).toBe(INVALID)
  expect(memory.find('b', record, 0)).toBeUndefined()
})

test('Beyond its bound it forgets what was unused longest', () => {
  const memory = new BasicResultCache({ entriesMax: 2, ttlMs: 1000 })
  memory.set('a', record, VALID, 0)
  memory.set('b', record, VALID, 0)
  memory.find('a', record, 0)
  memory.set('c', record, VALID, 0)
  expect(memory.size).toBe(2)
  expect(memory.find('b', record, 0)).toBeUndefined()
  expect(memory.find('a', record, 0)).toBe(VALID)
  expect(memory.find('c', record, 0)).toBe(VALID)
})
