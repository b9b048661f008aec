import { parseToken } from '@sallyport/core'
import { expect, test } from 'vitest'
import { scattered, syntheticKey } from './keys.ts'

test('a number always gives the same key, and another number another', () => {
  expect(syntheticKey(7)).toEqual(syntheticKey(7))
  const ids = new Set(Array.from({ length: 10_000 }, (_, number) => syntheticKey(number).id))
  expect(ids.size).toBe(10_000)
})

test('the keys are keys', () => {
  const { id, token } = syntheticKey(0)
  expect(parseToken(token)).toEqual({ token, type: 'secret', keyId: id })
})

test('scattered numbers are each below the total, and none comes twice', () => {
  const numbers = scattered(1000, 1000)
  expect(new Set(numbers)).toEqual(new Set(Array.from({ length: 1000 }, (_, number) => number)))
  expect(numbers).not.toEqual(numbers.toSorted((left, right) => left - right))
  expect(scattered(1000, 10)).toEqual(numbers.slice(0, 10))
})
