import { expect, test } from 'vitest'
import { axisEnd, timeTicks } from './chart-scale.ts'

test.each([
  [0, 3, 3],
  [1, 1, 1],
  [4, 3, 6],
  [44_000, 3, 45_000],
  [45_001, 3, 60_000],
  [900, 1, 1_000],
])('an axis up to %i in %i parts ends at %i', (max, parts, end) => {
  expect(axisEnd(max, parts)).toBe(end)
  expect(Number.isInteger(end / parts)).toBe(true)
})

test('a week has its days as ticks, and two hours have half hours', () => {
  const fromMs = Date.parse('2026-11-21T00:00:00Z')
  const DAY_MS = 86_400_000
  expect(timeTicks(fromMs, fromMs + 7 * DAY_MS, 8)).toHaveLength(7)
  const minutes = timeTicks(fromMs + 60_000, fromMs + 2 * 3_600_000, 8).map(
    (atMs) => (atMs - fromMs) / 60_000,
  )
  expect(minutes).toEqual([30, 60, 90])
})

test('no day is named twice, however wide the axis is', () => {
  expect(timeTicks(0, 7 * 86_400_000, 40)).toHaveLength(7)
})

test('never more ticks than there is room for', () => {
  for (const days of [1, 2, 3, 7, 30, 90, 365, 730]) {
    expect(timeTicks(0, days * 86_400_000, 6).length).toBeLessThanOrEqual(days > 504 ? 9 : 6)
  }
})
