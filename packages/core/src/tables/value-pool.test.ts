import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RowBuffer, valueField } from './row.ts'
import { type ValueKind, ValuePool, valueText } from './value-pool.ts'

const LIST: ValueKind<readonly string[]> = {
  tag: 'l',
  isIndividual: false,
  isSame: (one, other) => one.join() === other.join(),
  encode: (value) => JSON.stringify(value),
  decode: (json) => json as string[],
}
const OWN: ValueKind<readonly string[]> = { ...LIST, tag: 'o', isIndividual: true }

test('equal values have one place, which gives one object back', () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.string())), (values) => {
      const pool = new ValuePool()
      const places = values.map((value) => pool.place(valueText(value, LIST), false))
      for (const [index, value] of values.entries()) {
        const place = places[index] ?? 0
        expect(pool.value(place, LIST)).toEqual(value)
        expect(pool.value(place, LIST)).toBe(pool.value(pool.place(valueText(value, LIST), false), LIST))
      }
      expect(new Set(places).size).toBe(new Set(values.map((value) => JSON.stringify(value))).size)
    }),
  )
})

test('values of different kinds with the same content have different places', () => {
  const pool = new ValuePool()
  const [one, other] = [pool.place(valueText(['a'], LIST), false), pool.place(valueText(['a'], OWN), true)]
  expect(one).not.toBe(other)
  const refused = new RangeError('a row refers to a value of another kind')
  expect(() => pool.value(one, OWN)).toThrow(refused)
  // Nor when it was read before.
  expect(pool.value(one, LIST)).toEqual(['a'])
  expect(() => pool.value(one, OWN)).toThrow(refused)
  expect(() => pool.value(other, LIST)).toThrow(refused)
  const text = valueText(['a'], LIST)
  expect(pool.valueOfText(text, LIST)).toEqual(['a'])
  expect(() => pool.valueOfText(text, OWN)).toThrow(refused)
})

test('values fill blocks of growing size, and one that is too large has no place', () => {
  const pool = new ValuePool()
  const texts = Array.from({ length: 200 }, (_, number) => [`${number}`, 'x'.repeat(16_000 - number)])
  const places = texts.map((text) => pool.place(valueText(text, LIST), false))
  for (const [index, text] of texts.entries()) expect(pool.value(places[index] ?? 0, LIST)).toEqual(text)
  expect(pool.place(valueText(['x'.repeat(16_400)], LIST), false)).toBe(0)
  expect(pool.byteLength).toBeLessThan(3 * 200 * 16_000)
})

test('a pool ends at 32 MiB, and still knows what it has', () => {
  const pool = new ValuePool()
  const filler = 'x'.repeat(16_000)
  let taken = 0
  for (let number = 0; number < 2_200; number += 1) {
    if (pool.place(valueText([String(number), filler], LIST), false) !== 0) taken += 1
  }
  expect(taken).toBeGreaterThan(1_500)
  expect(taken).toBeLessThan(2_100)
  expect(pool.byteLength).toBe(32 * 1024 * 1024)
  expect(pool.value(pool.place(valueText(['7', filler], LIST), false), LIST)).toEqual(['7', filler])
})

test('individual values leave room for the others, and then rows contain them', () => {
  const pool = new ValuePool()
  const row = new RowBuffer({ pool, seed: [0, 0] })
  for (let number = 0; number < 65_536; number += 1) pool.place(valueText([String(number)], OWN), true)
  expect(pool.size).toBe(65_536)
  row.begin(6)
  row.value(4, ['late'], OWN)
  row.value(5, ['shared'], LIST)
  row.end('key_1', 'key_', 0)
  expect(pool.size).toBe(65_537)
  expect(valueField(row.words, 0, 4, OWN, pool)).toEqual(['late'])
  expect(valueField(row.words, 0, 4, OWN, pool)).toBe(valueField(row.words, 0, 4, OWN, pool))
  expect(valueField(row.words, 0, 5, LIST, pool)).toEqual(['shared'])
})
