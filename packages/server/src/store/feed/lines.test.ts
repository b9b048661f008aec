import { expect, test } from 'vitest'
import { Lines } from './lines.ts'

const F = '\u001f'

test('reads the fields of each line', () => {
  const lines = new Lines(`acme${F}${F}7${F}${F}\nglobex${F}x${F}0${F}1${F}\n`.slice(0, -1))
  const read: unknown[] = []
  while (!lines.isDone) {
    read.push([lines.field(), lines.fieldOrNull(), lines.number(), lines.numberOrNull()])
    lines.end()
  }
  expect(read).toEqual([
    ['acme', null, 7, null],
    ['globex', 'x', 0, 1],
  ])
})

test('no rows are no lines', () => {
  expect(new Lines(null).isDone).toBe(true)
})

test('an empty field stands for the usual values, and other values are read one by one', () => {
  const usual = new Lines(F)
  expect(usual.skipUsual()).toBe(true)
  expect(usual.isDone).toBe(true)
  const other = new Lines(`1${F}${F}`)
  expect(other.skipUsual()).toBe(false)
  expect([other.number(), other.fieldOrNull()]).toEqual([1, null])
})

test('a number can be negative', () => {
  expect(new Lines(`-12${F}`).number()).toBe(-12)
})

test.for([
  ['ends in a field', 'acme'],
  ['has a further field', `acme${F}more${F}`],
] as const)('a line that %s is refused', ([, text]) => {
  const lines = new Lines(text)
  expect(() => {
    lines.field()
    lines.end()
  }).toThrow(Error)
})
