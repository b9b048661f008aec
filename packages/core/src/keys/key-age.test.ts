import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { endedIfCreatedByMs, freshnessOf, lifetimeEndsAtMs, wholeSecondMs } from './key-age.ts'

const DAY_MS = 86_400_000
const CREATED = 1_800_000_000_000

describe('lifetimeEndsAtMs', () => {
  test('counts whole days from the start of the second of the creation', () => {
    expect(lifetimeEndsAtMs(CREATED, 1)).toBe(CREATED + DAY_MS)
    expect(lifetimeEndsAtMs(CREATED + 999, 1)).toBe(CREATED + DAY_MS)
    expect(lifetimeEndsAtMs(CREATED + 1000, 1)).toBe(CREATED + 1000 + DAY_MS)
    expect(lifetimeEndsAtMs(CREATED, 3650)).toBe(CREATED + 3650 * DAY_MS)
  })

  test('is never without a maximum', () => {
    expect(lifetimeEndsAtMs(CREATED, null)).toBe(Infinity)
    expect(endedIfCreatedByMs(null, CREATED)).toBe(-Infinity)
  })

  test('has ended exactly for the creations that endedIfCreatedByMs names', () => {
    const near = fc.integer({ min: -3000, max: 3000 })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3650 }), near, near, (days, offsetMs, nowOffsetMs) => {
        const nowMs = CREATED + nowOffsetMs
        const createdAtMs = CREATED - days * DAY_MS + offsetMs
        const isOver = nowMs >= lifetimeEndsAtMs(createdAtMs, days)
        expect(createdAtMs <= endedIfCreatedByMs(days, nowMs)).toBe(isOver)
      }),
    )
  })

  test('rounds times before 1970 down too', () => {
    expect(wholeSecondMs(-1)).toBe(-1000)
  })
})

describe('freshnessOf', () => {
  test.each([
    ['fresh', 90 * DAY_MS - 1, 90],
    ['due', 90 * DAY_MS, 90],
    ['due', 180 * DAY_MS - 1, 90],
    ['overdue', 180 * DAY_MS, 90],
    ['fresh', 180 * DAY_MS - 1, 180],
    ['due', 180 * DAY_MS, 180],
    ['due', 270 * DAY_MS - 1, 180],
    ['overdue', 270 * DAY_MS, 180],
    ['fresh', 3650 * DAY_MS, null],
  ] as const)('is %s after %i ms with a reminder after %s days', (freshness, ageMs, days) => {
    expect(freshnessOf(CREATED, days, CREATED + ageMs)).toBe(freshness)
  })

  test('is fresh for a secret that another process with a faster clock has created', () => {
    expect(freshnessOf(CREATED + 5_000, 90, CREATED)).toBe('fresh')
  })
})
