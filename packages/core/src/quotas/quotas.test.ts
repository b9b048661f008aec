import { expect, test } from 'vitest'
import { exceededQuota, isQuota, QUOTA_LIMITS_DEFAULT, QUOTAS, type QuotaNumbers } from './quotas.ts'

const NONE = Object.fromEntries(QUOTAS.map((quota) => [quota, 0])) as Record<
  (typeof QUOTAS)[number],
  number
> satisfies QuotaNumbers

test('an addition is accepted up to the limit and refused one above it', () => {
  const limits = { ...QUOTA_LIMITS_DEFAULT, keys: 10 }
  expect(exceededQuota(limits, { ...NONE, keys: 9 }, { keys: 1 })).toBeUndefined()
  expect(exceededQuota(limits, { ...NONE, keys: 10 }, { keys: 1 })).toBe('keys')
  expect(exceededQuota(limits, { ...NONE, keys: 8 }, { keys: 3 })).toBe('keys')
})

test('the first exceeded quota is named', () => {
  const limits = { ...QUOTA_LIMITS_DEFAULT, versions: 1, versionBytes: 5 }
  expect(exceededQuota(limits, { ...NONE, versions: 1 }, { versions: 1, versionBytes: 6 })).toBe('versions')
  expect(exceededQuota(limits, NONE, { versions: 1, versionBytes: 6 })).toBe('versionBytes')
})

test('what adds nothing is accepted above a lowered limit', () => {
  const limits = { ...QUOTA_LIMITS_DEFAULT, routes: 1 }
  const used = { ...NONE, routes: 5 }
  expect(exceededQuota(limits, used, { routes: 0 })).toBeUndefined()
  expect(exceededQuota(limits, used, { routes: -1, deployments: 0 })).toBeUndefined()
  expect(exceededQuota(limits, used, { routes: 1 })).toBe('routes')
})

test.each([
  ['keys', 'key'],
  ['versionBytes', 'versionbytes'],
])('%s is a quota and %s is not', (known, unknown) => {
  expect([isQuota(known), isQuota(unknown)]).toEqual([true, false])
})
