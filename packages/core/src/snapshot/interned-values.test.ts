import { expect, test } from 'vitest'
import { emptyInternedValues } from './interned-values.ts'

test('equal values have one number, which gives the first of them back', () => {
  const { roleLists } = emptyInternedValues()
  const first = ['invoker']
  const number = roleLists.number(first, 'invoker')
  expect(roleLists.number(['invoker'], 'invoker')).toBe(number)
  expect(roleLists.value(number)).toBe(first)
  expect(roleLists.number([], '')).not.toBe(number)
})

test('a number that no value has is an error, not a missing name', () => {
  const { names } = emptyInternedValues()
  names.number('acme', 'acme')
  expect(() => names.value(1)).toThrow(new RangeError('no value has the number 1'))
})
