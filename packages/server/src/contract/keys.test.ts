import { expect, test } from 'vitest'
import { keyChange, keyCreation } from './keys.ts'
import { parseRequest } from './requests/request-problems.ts'

const KEY = { name: 'CI', type: 'secret' }

test('converts a timestamp to milliseconds and an address to a range, and keeps null', () => {
  const parsed = parseRequest(keyCreation, {
    ...KEY,
    expiresAt: '2030-01-31T12:00:00+02:00',
    addressRules: ['203.0.113.7', '203.0.113.0/24', '2001:db8::1', '2001:db8::/32'],
  })
  expect(parsed).toMatchObject({
    ok: true,
    value: {
      expiresAt: Date.UTC(2030, 0, 31, 10),
      addressRules: ['203.0.113.7/32', '203.0.113.0/24', '2001:db8::1/128', '2001:db8::/32'],
    },
  })
  expect(parseRequest(keyChange, { expiresAt: null })).toEqual({ ok: true, value: { expiresAt: null } })
})

test.each<[string, unknown, unknown]>([
  ['name', 'a'.repeat(128), 'a'.repeat(129)],
  ['name', 'Prüfung 1', 'two\nlines'],
  ['name', 'plain', 'turned \u202Eround'],
  ['type', 'public', 'Public'],
  ['expiresAt', '2028-02-29T00:00:00Z', '2027-02-29T00:00:00Z'],
  ['expiresAt', '2027-01-01T00:00:00Z', '2027-01-01T00:00:00'],
  ['expiresAt', '2027-01-01T00:00:00Z', 1_800_000_000],
  ['roles', ['owner'], 'owner'],
  ['roles', Array<string>(16).fill('r'), Array<string>(17).fill('r')],
  ['addressRules', ['10.0.0.0/8'], ['10.0.0.0/33']],
  ['addressRules', ['10.0.0.1'], ['10.0.0']],
  ['addressRules', ['::1/128'], ['::1/129']],
  ['rateLimits', [{ requests: 1, per: 'second' }], [{ requests: 1.5, per: 'second' }]],
  [
    'rateLimits',
    [
      { requests: 1, per: 'second' },
      { requests: 1, per: 'minute' },
    ],
    // Both limits count the same key.
    [
      { requests: 1, per: 'second', by: 'consumer' },
      { requests: 1, per: 'second', by: 'credential' },
    ],
  ],
  ['environment', 'prod', 'pröd'],
])('%s accepts %j and rejects %j', (field, right, wrong) => {
  expect(parseRequest(keyCreation, { ...KEY, [field]: right }).ok).toBe(true)
  expect(parseRequest(keyCreation, { ...KEY, [field]: wrong }).ok).toBe(false)
})
