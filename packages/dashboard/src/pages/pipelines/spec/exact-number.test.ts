import { expect, test } from 'vitest'
import { hasExactNumbers, isExactNumber } from './exact-number.ts'

test.each([
  ['9007199254740992', '9007199254740993'],
  ['-9007199254740992', '-9007199254740993'],
  ['1e23', `1${'0'.repeat(23)}`],
  ['1.50', '1.5000000000000000000001'],
  ['0.1', '0.1000000000000000055511151231257827'],
  ['+.5e3', '1e400'],
  ['-0', '1e-400'],
  ['5.', '9007199254740993.'],
  ['0x20000000000000', '0x20000000000001'],
  ['0o17', '0o400000000000000001'],
  ['0e999999999', '1e999999999'],
])('%s is exact, and %s is not', (exact, inexact) => {
  expect([isExactNumber(exact), isExactNumber(inexact)]).toEqual([true, false])
})

test.each([
  ['{"a": [1.50, "9007199254740993", "\\"1e400"]}', true],
  ['{"a": [1.50, {"b": 9007199254740993}]}', false],
  ['-1e400', false],
])('the numbers of %s are exact: %s', (json, expected) => {
  expect(hasExactNumbers(json)).toBe(expected)
})
