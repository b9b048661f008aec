import { parseToken } from '@sallyport/core'
import { expect, test } from 'vitest'
import { shuffledNumbers, syntheticKey } from './keys.ts'

test('equal numbers give equal keys, and different numbers different ones', () => {
  expect(syntheticKey(7)).toEqual(syntheticKey(7))
  const ids = new Set(Array.from({ length: 10_000 }, (_, number) => syntheticKey(number).id))
  expect(ids.size).toBe(10_000)
})

test('synthetic keys are valid API keys', () => {
  const { id, token } = syntheticKey(0)
  expect(parseToken(token)).toEqual({ token, type: 'secret', keyId: id })
})

test('shuffled numbers are distinct and below the total', () => {
  const numbers = shuffledNumbers(1000, 1000)
  expect(new Set(numbers)).toEqual(new Set(Array.from({ length: 1000 }, (_, number) => number)))
  expect(numbers).not.toEqual(numbers.toSorted((left, right) => left - right))
  expect(shuffledNumbers(1000, 10)).toEqual(numbers.slice(0, 10))
})
