import { describe, expect, test } from 'vitest'
import { preciseTimeOnDay, relative } from './times.ts'

const NOW_MS = Date.parse('2026-11-17T12:00:00Z')
const HOUR_MS = 3_600_000

describe('how long ago something was', () => {
  test.each([
    [0, '0\u00a0s ago'],
    [-999, '0\u00a0s ago'],
    [1_000, '1\u00a0s ago'],
    [59_999, '59\u00a0s ago'],
    [60_000, '1\u00a0min ago'],
    [HOUR_MS, '1\u00a0h ago'],
    [24 * HOUR_MS, 'yesterday'],
    [48 * HOUR_MS, '2\u00a0days ago'],
  ])('%i ms before is %s', (agoMs, words) => {
    expect(relative(NOW_MS - agoMs, NOW_MS)).toBe(words)
  })

  test.each([
    [1_000, 'in 1\u00a0s'],
    [12 * HOUR_MS - 1, 'in 12\u00a0h'],
    [24 * HOUR_MS, 'tomorrow'],
  ])('%i ms after is %s', (inMs, words) => {
    expect(relative(NOW_MS + inMs, NOW_MS)).toBe(words)
  })
})

describe('the time of a request', () => {
  test.each([
    ['2026-11-17T00:00:00.000Z', '00:00:00.000'],
    ['2026-11-16T23:59:59.999Z', '16 Nov, 23:59:59.999'],
    ['2026-11-18T00:00:00.000Z', '18 Nov, 00:00:00.000'],
  ])('at %s is written as %s', (at, words) => {
    expect(preciseTimeOnDay(Date.parse(at), NOW_MS)).toBe(words)
  })
})
