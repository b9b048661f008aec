import type { ExternalKey } from '@sallyport/sdk'
import { expect, test } from 'vitest'
import { fits, nameOf, statusOf } from './fits.ts'

const KEY: ExternalKey = {
  id: 'ext_1',
  keyId: 'key_nW5rT8uQzX2cV7bM',
  owner: { slug: 'nordwind', name: 'Nordwind Freight' },
  label: 'orders-feed',
  roles: ['orders-partner'],
  addedAt: '2026-09-02T00:00:00.000Z',
  addedBy: 'per_1',
  status: 'inactive',
  reason: 'owner_expired',
  lastUsedAt: null,
  addressRules: [],
  rateLimits: [],
}

test.each([
  ['nothing', {}, true],
  ['its label', { search: 'Orders' }, true],
  ['the id of the key', { search: 'key_nw5' }, true],
  ['the name of its owner', { search: 'freight' }, true],
  ['another text', { search: 'settlement' }, false],
  ['its owner', { owner: 'nordwind' }, true],
  ['another owner', { owner: 'halden-pay' }, false],
  ['its role', { role: 'orders-partner' }, true],
  ['another role', { role: 'orders' }, false],
  ['its status', { status: 'refused' }, true],
  ['another status', { status: 'off' }, false],
] as const)('an external key is found by %s', (_, search, isFound) => {
  expect(fits(KEY, search)).toBe(isFound)
})

test('the organization that switched a key off is told from its owner', () => {
  expect(statusOf({ status: 'active' })).toBe('active')
  expect(statusOf({ status: 'inactive', reason: 'switched_off_here' })).toBe('off')
  expect(statusOf({ status: 'inactive', reason: 'owner_forbids' })).toBe('refused')
})

test('a key without a label is called by its id', () => {
  expect(nameOf(KEY)).toBe('orders-feed')
  expect(nameOf({ ...KEY, label: null })).toBe('key_nW5rT8uQzX2cV7bM')
})
