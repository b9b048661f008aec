import { expect, test } from 'vitest'
import { emptyInternedValues, internedChars } from './interned-values.ts'

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

test('values move to other interned values only when they are asked for, with their identities', () => {
  const [from, to] = [emptyInternedValues(), emptyInternedValues()]
  const numbers = ['a', 'b', 'c'].map((text) => from.names.number(text, `identity of ${text}`))
  const moved = from.names.movingTo(to.names)
  expect(moved(numbers[2] ?? -1)).toBe(0)
  expect(moved(numbers[0] ?? -1)).toBe(1)
  expect(moved(numbers[2] ?? -1)).toBe(0)
  expect([to.names.value(0), to.names.value(1)]).toEqual(['c', 'a'])
  expect(to.names.number('a', 'identity of a')).toBe(1)
  expect(to.names.number('b', 'identity of b')).toBe(2)
})

test('the memory of values counts each of them once', () => {
  const values = emptyInternedValues()
  expect(internedChars(values)).toBe(0)
  values.names.number('acme', 'acme')
  values.names.number('acme', 'acme')
  expect(internedChars(values)).toBe(36)
  values.roleLists.number([], '')
  values.ruleSets.number({ addressRules: [], rateLimits: [], labels: {} }, 'xx')
  expect(internedChars(values)).toBe(36 + 32 + 34)
})
