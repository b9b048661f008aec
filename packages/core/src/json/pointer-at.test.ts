import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pointerAt } from './pointer-at.ts'

test.each([
  ['?', ''],
  ['{"a": ?}', '/a'],
  ['{"a": 1, "b": ?}', '/b'],
  ['{"a": [1, {"b": [], "c": [[], ?]}]}', '/a/1/c/1'],
  ['[{}, [1, 2], {"x": "]}"}, ?]', '/3'],
  ['{"a": {"b": 1}, "c/d~": {"e": ?}}', '/c~1d~0/e'],
  ['{"\\"{": {"\\u0061": ?}}', '/"{/a'],
  ['{"": [?]}', '//0'],
  ['{"a": "x,\\\\", "b": {"c": ?}}', '/b/c'],
  [' [ 1 ,\n? ]', '/1'],
])('in %s, the value at ? is at %s', (pattern, pointer) => {
  for (const value of ['1e400', '"s"', '{"n": 1}', '[1]', 'true']) {
    expect(pointerAt(pattern.replace('?', value), pattern.indexOf('?'))).toBe(pointer)
  }
})

test('names a member by the start of its name', () => {
  expect(pointerAt('{"a": {"b": 1, "c": 2}}', '{"a": {"b": 1, '.length)).toBe('/a/c')
})

test('finds a value anywhere in any JSON', () => {
  const name = fc.string({ unit: 'grapheme' })
  fc.assert(
    fc.property(fc.array(fc.oneof(name, fc.nat(5))), fc.jsonValue(), fc.nat(2), (path, filler, spaces) => {
      const around = (rest: readonly (string | number)[]): unknown => {
        const [next, ...others] = rest
        if (next === undefined) return 'WANTED'
        if (typeof next === 'number')
          return [...Array.from({ length: next }, () => filler), around(others), filler]
        return Object.fromEntries([
          [`${next}0`, filler],
          [`${next}_`, around(others)],
          [`${next}1`, filler],
        ])
      }
      const text = JSON.stringify(around(path), null, spaces)
      const wanted = path.map((step) =>
        typeof step === 'number' ? `/${step}` : `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}_`,
      )
      expect(pointerAt(text, text.indexOf('"WANTED"'))).toBe(wanted.join(''))
    }),
  )
})
