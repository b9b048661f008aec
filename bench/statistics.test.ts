import { describe, expect, test } from 'vitest'
import { percentileOf, spreadOf } from './statistics.ts'

describe('spreadOf', () => {
  test('takes the middle one, in whatever order they come', () => {
    expect(spreadOf([3, 1, 100])).toEqual({ median: 3, min: 1, max: 100, count: 3 })
  })

  test('takes the mean of the two in the middle of an even number', () => {
    expect(spreadOf([4, 1, 2, 100]).median).toBe(3)
  })

  test('has nothing to say about nothing', () => {
    expect(() => spreadOf([])).toThrow(RangeError)
  })
})

test('a percentile lies between its neighbours', () => {
  expect(percentileOf([0, 10], 99)).toBeCloseTo(9.9)
  expect(percentileOf([7], 99)).toBe(7)
})
