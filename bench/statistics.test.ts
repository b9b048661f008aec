import { describe, expect, test } from 'vitest'
import { percentileOf, spreadOf } from './statistics.ts'

describe('spreadOf', () => {
  test('returns the middle value of unsorted values as the median', () => {
    expect(spreadOf([3, 1, 100])).toEqual({ median: 3, min: 1, max: 100, count: 3 })
  })

  test('returns the mean of the two middle values of an even number of values', () => {
    expect(spreadOf([4, 1, 2, 100]).median).toBe(3)
  })

  test('throws for an empty list', () => {
    expect(() => spreadOf([])).toThrow(RangeError)
  })
})

test('a percentile is interpolated between its neighbours', () => {
  expect(percentileOf([0, 10], 99)).toBeCloseTo(9.9)
  expect(percentileOf([7], 99)).toBe(7)
})
