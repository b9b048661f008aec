import { expect, test } from 'vitest'
import { expiryErrors } from './key-expiry.ts'

const NOW_MS = 1_800_000_000_000
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z')

test.each([null, NOW_MS + 1, LAST_MS])('a key can expire at %j', (expiresAtMs) => {
  expect(expiryErrors('/expiresAt', expiresAtMs, NOW_MS)).toEqual([])
})

test.each([
  [NOW_MS, 'A key expires in the future, or never (null).'],
  [NOW_MS - 1, 'A key expires in the future, or never (null).'],
  [LAST_MS + 1, 'Use an RFC 3339 timestamp, such as 2027-01-31T00:00:00Z.'],
  [NOW_MS + 0.5, 'Use an RFC 3339 timestamp, such as 2027-01-31T00:00:00Z.'],
  [Number.NaN, 'Use an RFC 3339 timestamp, such as 2027-01-31T00:00:00Z.'],
])('a key cannot expire at %j: %s', (expiresAtMs, message) => {
  expect(expiryErrors('/expiresAt', expiresAtMs, NOW_MS)).toEqual([{ path: '/expiresAt', message }])
})
