import type { RateLimit } from '@sallyport/core'
import { expect, test } from 'vitest'
import { KeyRateLimits, type CountedKey } from './key-rate-limits.ts'

const PER_HOUR: RateLimit = { requests: 1, per: 'hour', by: 'credential' }

function keyNamed(id: string, rateLimits: readonly RateLimit[], consumer: string | null = null): CountedKey {
  return { id, consumer, ownRateLimits: rateLimits, external: null }
}

/** A response that only keeps headers, and whether the request was within the limits. */
function consume(
  limits: KeyRateLimits,
  key: CountedKey,
): { isWithin: boolean; headers: Map<string, unknown> } {
  const headers = new Map<string, unknown>()
  const reply = {
    header(name: string, value: unknown) {
      headers.set(name, value)
      return reply
    },
  }
  try {
    limits.consume(key, reply as unknown as Parameters<KeyRateLimits['consume']>[1])
    return { isWithin: true, headers }
  } catch {
    return { isWithin: false, headers }
  }
}

test('counts under all limits, or under none if one is exceeded', () => {
  let nowMs = 0
  const limits = new KeyRateLimits(() => nowMs)
  const key = keyNamed('key_1', [
    { ...PER_HOUR, requests: 3 },
    { ...PER_HOUR, per: 'minute' },
  ])
  expect(consume(limits, key).isWithin).toBe(true)
  for (let attempt = 0; attempt < 5; attempt += 1) expect(consume(limits, key).isWithin).toBe(false)
  nowMs += 60_000
  expect(consume(limits, key)).toMatchObject({ isWithin: true })
  expect(consume(limits, key).headers.get('ratelimit')).toBe('"key-hour";r=1;t=2340, "key-minute";r=0;t=60')
})

test('a changed limit starts a new counter, and each key has its own', () => {
  const limits = new KeyRateLimits(() => 0)
  expect(consume(limits, keyNamed('key_1', [PER_HOUR])).isWithin).toBe(true)
  expect(consume(limits, keyNamed('key_1', [PER_HOUR])).isWithin).toBe(false)
  expect(consume(limits, keyNamed('key_2', [PER_HOUR])).isWithin).toBe(true)
  expect(consume(limits, keyNamed('key_1', [{ ...PER_HOUR, requests: 2 }])).isWithin).toBe(true)
})

test('a key has the limits of each organization that added it there, and its own everywhere', () => {
  const limits = new KeyRateLimits(() => 0)
  const twice = { ...PER_HOUR, requests: 2 }
  const acting = (organization: string): CountedKey => ({
    ...keyNamed('key_1', [twice]),
    external: { organization, rateLimits: [PER_HOUR] },
  })
  expect(consume(limits, acting('acme')).headers.get('ratelimit')).toBe(
    '"key-hour";r=1;t=1800, "external-key-hour";r=0;t=3600',
  )
  expect(consume(limits, acting('acme')).isWithin).toBe(false)
  expect(consume(limits, acting('rival')).isWithin).toBe(true)
  expect(consume(limits, keyNamed('key_1', [twice])).isWithin).toBe(false)
})

test('a key without limits gets no headers', () => {
  expect(consume(new KeyRateLimits(() => 0), keyNamed('key_1', [])).headers.size).toBe(0)
})

test('beyond the most counters, the least recently used one is dropped', () => {
  const limits = new KeyRateLimits(() => 0, 2)
  const ask = (id: string): boolean => consume(limits, keyNamed(id, [{ ...PER_HOUR, requests: 2 }])).isWithin
  expect([ask('a'), ask('b'), ask('a'), ask('c')]).toEqual([true, true, true, true])
  // `b` was dropped for `c`; the busy counter of `a` was kept.
  expect([ask('a'), ask('b'), ask('b')]).toEqual([false, true, true])
})
