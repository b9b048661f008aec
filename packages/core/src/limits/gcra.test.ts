import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { gcra, gcraWithDebt, type GcraVerdict } from './gcra.ts'
import { WINDOW_MS } from './rate-windows.ts'

const requests = fc.oneof(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 2_000_000 }))
const windowMs = fc.constantFrom(...Object.values(WINDOW_MS))
const startMs = fc.integer({ min: 1_700_000_000_000, max: 4_000_000_000_000 })
const gaps = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.constant(0) },
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 1, max: 100_000 }),
  ),
  { minLength: 1, maxLength: 150 },
)

/** A stored counter of a limiter. */
function counter(limit: number, window: number, level = 0, levelAtMs = 0) {
  let kept = { level, atMs: levelAtMs }
  return (nowMs: number): GcraVerdict => {
    const verdict = gcra(limit, window, kept.level, kept.atMs, nowMs)
    kept = { level: verdict.level, atMs: nowMs }
    return verdict
  }
}

function allowedOf(limit: number, window: number, nowMs: number, attempts: number): number {
  const ask = counter(limit, window)
  let allowed = 0
  for (let attempt = 0; attempt < attempts; attempt += 1) if (ask(nowMs).allowed) allowed += 1
  return allowed
}

describe('at a single instant', () => {
  test.each([1, 2, 3, 7, 60, 100, 9_999, 10_000])('allows exactly %i of 10,000 requests', (limit) => {
    for (const window of Object.values(WINDOW_MS)) {
      expect(allowedOf(limit, window, 1_700_000_000_123, 10_000)).toBe(limit)
    }
  })
  test('allows exactly a million requests at a million per second', () => {
    expect(allowedOf(1_000_000, 1000, 1_700_000_000_123, 1_000_100)).toBe(1_000_000)
  })
  test('allows exactly as many further requests as remaining says', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        windowMs,
        startMs,
        fc.nat(300),
        (limit, window, now, used) => {
          const ask = counter(limit, window)
          for (let request = 0; request < used; request += 1) ask(now)
          const { remaining } = ask(now)
          for (let request = 0; request < remaining; request += 1) expect(ask(now).allowed).toBe(true)
          expect(ask(now)).toMatchObject({ allowed: false, remaining: 0 })
        },
      ),
    )
  })
})

describe('over time', () => {
  test('allows no more than the burst and its refill in any interval', () => {
    // The counter starts nearly full, as under load, because the levels close to the limit matter.
    fc.assert(
      fc.property(requests, windowMs, startMs, gaps, fc.nat(20), (limit, window, start, steps, room) => {
        const ask = counter(limit, window, Math.max(0, limit - room), start)
        const free = limit - Math.max(0, limit - room)
        let now = start
        const allowedAt: number[] = []
        for (const step of steps) {
          now += step
          if (ask(now).allowed) allowedAt.push(now)
        }
        for (const [first, from] of allowedAt.entries()) {
          for (let last = first; last < allowedAt.length; last += 1) {
            const refill = (((allowedAt[last] ?? 0) - from) * limit) / window
            expect(last - first + 1).toBeLessThanOrEqual(limit + refill + 1e-5)
          }
        }
        for (const [index, at] of allowedAt.entries()) {
          expect(index + 1).toBeLessThanOrEqual(free + ((at - start) * limit) / window + 1e-5)
        }
      }),
      { numRuns: 300 },
    )
  })

  test('gives a caller that always asks the whole rate and no more', () => {
    for (const limit of [3, 700, 999_983]) {
      const ask = counter(limit, 1000, limit, 1_700_000_000_000)
      let allowed = 0
      for (let elapsedMs = 1; elapsedMs <= 1000; elapsedMs += 1) {
        while (ask(1_700_000_000_000 + elapsedMs).allowed) allowed += 1
      }
      expect(allowed).toBe(limit)
    }
  })

  test('allows a request after retryAfterMs, which is exact to the millisecond', () => {
    fc.assert(
      fc.property(requests, windowMs, startMs, fc.nat(1000), (limit, window, full, later) => {
        const refused = gcra(limit, window, limit, full, full + later)
        fc.pre(!refused.allowed)
        const { level, retryAfterMs } = refused
        const exactMs = window / limit - later
        expect(Number.isInteger(retryAfterMs)).toBe(true)
        expect(retryAfterMs).toBeGreaterThan(exactMs - 0.01)
        expect(retryAfterMs).toBeLessThan(exactMs + 1)
        const after = gcra(limit, window, level, full + later, full + later + retryAfterMs)
        expect(after.allowed).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })

  test('refuses a request one millisecond before retryAfterMs', () => {
    const refused = gcra(100, 60_000, 100, 1_700_000_000_000, 1_700_000_000_100)
    expect(refused).toMatchObject({ allowed: false, retryAfterMs: 500 })
    const at = (afterMs: number) =>
      gcra(100, 60_000, refused.level, 1_700_000_000_100, 1_700_000_000_100 + afterMs)
    expect(at(499).allowed).toBe(false)
    expect(at(500).allowed).toBe(true)
  })

  test('allows the whole burst after resetAfterMs', () => {
    fc.assert(
      fc.property(requests, windowMs, startMs, fc.nat(1000), (limit, window, now, used) => {
        const verdict = gcra(limit, window, Math.min(used, limit), now, now)
        const later = gcra(limit, window, verdict.level, now, now + verdict.resetAfterMs)
        expect(later).toMatchObject({ allowed: true, remaining: limit - 1 })
      }),
    )
  })
})

test('keeps the level when the clock is set back', () => {
  const ask = counter(2, 1000)
  expect(ask(5_000)).toMatchObject({ allowed: true, remaining: 1 })
  expect(ask(1_000)).toMatchObject({ allowed: true, remaining: 0 })
  expect(ask(900)).toMatchObject({ allowed: false, retryAfterMs: 500 })
  expect(ask(1_399).allowed).toBe(false)
  expect(ask(1_400).allowed).toBe(true)
})

describe('a level above the limit', () => {
  const [limit, window] = [10, 1000]
  test('is all of the limit and no more, if one gateway counts: the limit was lowered', () => {
    expect(gcra(limit, window, 25, 0, 99).allowed).toBe(false)
    expect(gcra(limit, window, 25, 0, 100).allowed).toBe(true)
  })

  test('is a debt that drains first, if several gateways count', () => {
    expect(gcraWithDebt(limit, window, 25, 0, 100)).toMatchObject({ allowed: false, retryAfterMs: 1500 })
    expect(gcraWithDebt(limit, window, 25, 0, 1599).allowed).toBe(false)
    expect(gcraWithDebt(limit, window, 25, 0, 1600)).toMatchObject({ allowed: true, remaining: 0 })
  })

  test('makes no difference below the limit', () => {
    fc.assert(
      fc.property(
        requests,
        windowMs,
        fc.nat(100_000),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (...drawn) => {
          const [most, length, later, share] = drawn
          expect(gcraWithDebt(most, length, most * share, 0, later)).toEqual(
            gcra(most, length, most * share, 0, later),
          )
        },
      ),
    )
  })
})
