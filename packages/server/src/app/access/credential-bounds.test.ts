import type { RateLimit } from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import { excessOf, NO_BOUNDS } from './credential-bounds.ts'

test.each([
  [null, null, []],
  [null, 1000, []],
  [1000, 1000, []],
  [1000, 999, []],
  [1000, 1001, ['expiry']],
  [1000, null, ['expiry']],
])('a credential that ends at %j gives one that ends at %j: exceeds %j', (held, wanted, excess) => {
  const given = excessOf({ ...NO_BOUNDS, expiresAtMs: held }, { ...NO_BOUNDS, expiresAtMs: wanted })
  expect(given).toEqual(excess)
})

test.each([
  [[], [], true],
  [[], ['10.0.0.0/8'], true],
  [['10.0.0.0/8'], [], false],
  [['10.0.0.0/8'], ['10.0.0.0/8'], true],
  [['10.0.0.0/8'], ['10.1.0.0/16', '10.2.3.4/32'], true],
  [['10.0.0.0/8'], ['10.0.0.0/7'], false],
  [['10.0.0.0/8'], ['10.1.0.0/16', '11.0.0.0/32'], false],
  [['10.0.0.0/8', '192.0.2.0/24'], ['192.0.2.128/25', '10.0.0.0/9'], true],
  [['0.0.0.0/0'], ['2001:db8::/32'], false],
  [['::/0'], ['10.0.0.0/8'], false],
  [['2001:db8::/32'], ['2001:db8:1::/48'], true],
  [['2001:db8::/32'], ['2001:db9::/48'], false],
  [['2001:db8::/32'], ['10.0.0.0/8'], false],
  [['nonsense'], ['10.0.0.0/8'], false],
  [['10.0.0.0/8'], ['nonsense'], false],
])('addresses %j include %j: %j', (held, wanted, isWithin) => {
  const given = excessOf({ ...NO_BOUNDS, addressRules: held }, { ...NO_BOUNDS, addressRules: wanted })
  expect(given).toEqual(isWithin ? [] : ['address rules'])
})

describe('rate limits', () => {
  const limit = (requests: number, per: RateLimit['per'], by: RateLimit['by'] = 'credential'): RateLimit => ({
    requests,
    per,
    by,
  })

  test.each([
    [[], [limit(1, 'day')], true],
    [[limit(60, 'minute')], [], false],
    [[limit(60, 'minute')], [limit(60, 'minute')], true],
    [[limit(60, 'minute')], [limit(61, 'minute')], false],
    [[limit(60, 'minute')], [limit(60, 'hour')], true],
    [[limit(60, 'minute')], [limit(1, 'second')], true],
    [[limit(60, 'minute')], [limit(2, 'second')], false],
    [[limit(60, 'minute')], [limit(3600, 'hour')], false],
    [[limit(60, 'minute')], [limit(1000, 'hour'), limit(60, 'minute')], true],
    [[limit(60, 'minute'), limit(100, 'day')], [limit(60, 'minute')], false],
    [[limit(60, 'minute', 'consumer')], [limit(60, 'minute')], false],
    [[limit(60, 'minute')], [limit(60, 'minute', 'consumer')], true],
    [[limit(60, 'minute', 'consumer')], [limit(60, 'minute', 'consumer')], true],
  ])('of %j include those of %j: %j', (held, wanted, isWithin) => {
    const given = excessOf({ ...NO_BOUNDS, rateLimits: held }, { ...NO_BOUNDS, rateLimits: wanted })
    expect(given).toEqual(isWithin ? [] : ['rate limits'])
  })
})
