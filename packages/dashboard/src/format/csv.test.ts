import { expect, test } from 'vitest'
import { csv } from './csv.ts'

test('rows end with CR LF, and an absent value is an empty cell', () => {
  expect(
    csv([
      ['code', 'requests'],
      ['key_outdated', 3],
      [null, 0],
    ]),
  ).toBe('code,requests\r\nkey_outdated,3\r\n,0\r\n')
})

test('quotes and separators stay inside of their cell', () => {
  expect(csv([['a "b", c', 'd\ne']])).toBe('"a ""b"", c","d\ne"\r\n')
})

test.each([
  ['=1+1', `"'=1+1"`],
  [' =1', `"' =1"`],
  ['@a', `"'@a"`],
  ['a;=1', `"a;'=1"`],
  ["'a", `"''a"`],
])('a spreadsheet does not run %j', (value, cell) => {
  expect(csv([[value]])).toBe(`${cell}\r\n`)
})

test('a number keeps its sign, and a text its minus inside', () => {
  expect(csv([[-1, 'a-b']])).toBe('-1,a-b\r\n')
})
